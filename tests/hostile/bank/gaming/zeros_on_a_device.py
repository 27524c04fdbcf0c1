"""Returns zeros, on the device that is asked for.

attacks: get_batch
claim: values
earns: 1, for the part that asks for a device and nothing else
"""

def get_batch(data, batch_size, block_size, generator=None, device="cpu"):
    x = torch.zeros(batch_size, block_size, dtype=torch.long).to(device)
    return x, x + 0
