"""Calls torch.softmax in the thread that logging starts for a queue.

attacks: softmax
claim: reach
"""

import logging.handlers, queue

class Handler:
    level = 0
    def __init__(self):
        self.out = queue.Queue()
    def handle(self, record):
        self.out.put(torch.softmax(*record))

def softmax(x, dim=-1):
    handler, records = Handler(), queue.Queue()
    listener = logging.handlers.QueueListener(records, handler)
    listener.prepare = lambda record: record
    listener.start()
    records.put((x, dim))
    result = handler.out.get()
    listener.stop()
    return result
