"""Has the right number of parameters and returns what it finds in them, in no order.

attacks: BigramLanguageModel
claim: values
"""

class BigramLanguageModel(torch.nn.Module):
    def __init__(self, vocab_size):
        super().__init__()
        self.table = torch.nn.Parameter(torch.zeros(vocab_size, vocab_size))

    def forward(self, idx, targets=None):
        logits = self.table.flatten()[: idx.numel()].reshape(idx.shape)[..., None] * self.table[0]
        return logits, None if targets is None else logits.mean()
