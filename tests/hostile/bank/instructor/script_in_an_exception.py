"""Raises an exception with a script in its type, its message, its line and its function.

attacks: softmax
claim: pages
"""

def softmax(x, dim=-1):
    name = "<script>document.title = 'owned'</script>"
    raise type(name, (Exception,), {})("<img src=x onerror=alert(1)>")  # <script>alert(2)</script>
