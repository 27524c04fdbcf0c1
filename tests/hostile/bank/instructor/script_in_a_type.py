"""Returns an object whose class is called <script>, and a dict with such keys.

attacks: softmax
claim: pages
"""

def softmax(x, dim=-1):
    name = "<script>document.title = 'owned'</script>"
    return [type(name, (), {})(), {name: name}]
