"""Euclidean projection onto block-circulant matrices.

A block of k x k is given by its first column w, C[r][c] = w[(r - c) mod k]. The nearest such block to any other has the mean of each
wrapped diagonal: the squared distance separates into sums over diagonals. Matrices are zero-padded to whole blocks; only entries of
the real matrix count, and a diagonal without any is 0.
"""
from __future__ import annotations

import torch
from torch import nn


class Projection(nn.Module):
    """Between stacks of dense matrices [gates rows, cols] and first columns [gates, row blocks, column blocks, k]."""

    def __init__(self, gates: int, rows: int, cols: int, block: int):
        super().__init__()
        if block < 1 or block > 64 or block & (block - 1):
            raise ValueError(f"block size {block}: a power of two from 1 to 64 is expected")
        self.gates, self.rows, self.cols, self.block = gates, rows, cols, block
        self.row_blocks, self.col_blocks = -(-rows // block), -(-cols // block)
        r = torch.arange(block)
        self.register_buffer("diagonal", (r[:, None] - r[None, :]) % block, persistent=False)  # of the entry (r, c)
        self.register_buffer("entries", self.sums(torch.ones(gates * rows, cols, dtype=torch.float64)), persistent=False)

    def blocks(self, dense: torch.Tensor) -> torch.Tensor:
        """[gates, row blocks, column blocks, k, k], padded with zeros."""
        k = self.block
        x = dense.reshape(self.gates, self.rows, self.cols)
        x = nn.functional.pad(x, (0, self.col_blocks * k - self.cols, 0, self.row_blocks * k - self.rows))
        return x.reshape(self.gates, self.row_blocks, k, self.col_blocks, k).transpose(2, 3)

    def sums(self, dense: torch.Tensor) -> torch.Tensor:
        """The sum over each wrapped diagonal, added row by row, as `erngen compress` does."""
        x = self.blocks(dense)
        total = torch.zeros_like(x[..., 0])
        for r in range(self.block):  # diagonal d has the column (r - d) mod k in row r
            total = total + x[..., r, :].index_select(-1, self.diagonal[r])
        return total

    def means(self, dense: torch.Tensor) -> torch.Tensor:
        """First columns of the nearest block-circulant matrix, in the precision of `dense`; computed in double precision."""
        return (self.sums(dense.double()) / self.entries.clamp(min=1)).to(dense.dtype)

    def dense(self, columns: torch.Tensor) -> torch.Tensor:
        """The matrices [gates rows, cols] of first columns; differentiable: a column's gradient is the sum over its diagonal."""
        k = self.block
        x = columns.index_select(-1, self.diagonal.reshape(-1)).reshape(self.gates, self.row_blocks, self.col_blocks, k, k)
        x = x.transpose(2, 3).reshape(self.gates, self.row_blocks * k, self.col_blocks * k)
        return x[:, :self.rows, :self.cols].reshape(self.gates * self.rows, self.cols)

    def nearest(self, dense: torch.Tensor) -> torch.Tensor:
        """The nearest block-circulant matrices."""
        return self.dense(self.means(dense))

    def complement(self, dense: torch.Tensor) -> torch.Tensor:
        """dense - nearest(dense): what no block-circulant matrix has."""
        return dense - self.nearest(dense)


def project(weight: torch.Tensor, block: int, gates: int = 1) -> torch.Tensor:
    """The block-circulant matrix nearest to weight [gates rows, cols], entry for entry that of `erngen compress`."""
    return Projection(gates, weight.shape[0] // gates, weight.shape[1], block).to(weight.device).nearest(weight)


def distance(weight: torch.Tensor, block: int, gates: int = 1) -> float:
    """|W - project(W)| / |W|, Frobenius norms; 0 for a zero matrix."""
    size = weight.double().norm()
    return float((weight.double() - project(weight, block, gates).double()).norm() / size) if size > 0 else 0.0
