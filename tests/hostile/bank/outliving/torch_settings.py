"""Changes torch's settings: dtype, device, seed, threads, gradients, denormal numbers.

attacks: softmax
claim: leftovers
"""

def softmax(x, dim=-1):
    torch.set_default_dtype(torch.float16)
    torch.set_default_device("meta")
    torch.set_grad_enabled(False)
    torch.set_flush_denormal(True)
    torch.use_deterministic_algorithms(True)
    torch.manual_seed(666)
    torch.set_num_threads(7)
    torch.set_printoptions(precision=1)
    return x
