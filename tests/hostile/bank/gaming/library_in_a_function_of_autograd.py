"""Calls torch.softmax in the backward pass of a function of its own.

attacks: softmax
claim: forbidden
"""

class Soft(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, dim):
        ctx.x, ctx.dim = x.detach(), dim
        return x.clone()

    @staticmethod
    def backward(ctx, gradient):
        return torch.softmax(ctx.x, ctx.dim), None

def softmax(x, dim=-1):
    y = x.clone().requires_grad_()
    Soft.apply(y, dim).sum().backward()
    return y.grad
