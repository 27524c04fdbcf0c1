"""Sleeps without using the processor, so that no limit on processor time strikes.

attacks: softmax
claim: time
endless: yes
"""

import time

def softmax(x, dim=-1):
    time.sleep(10**6)
