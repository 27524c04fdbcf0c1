"""Returns tensors without values: on the meta device, sparse, quantized, and of float8.

attacks: softmax
claim: verdict
"""

def softmax(x, dim=-1):
    softmax.calls = getattr(softmax, "calls", 0) + 1
    return [x.to("meta"), x.to_sparse(), torch.quantize_per_tensor(x, 0.1, 0, torch.quint8),
            x.to(torch.float8_e4m3fn)][softmax.calls % 4]
