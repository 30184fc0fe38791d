"""A GGUF file in the shape of the embedded model's, of a hundred kilobytes: one block, and a token
for each byte.

    embedding = tiny_gguf.write(path)
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from gguf import GGMLQuantizationType, GGUFWriter, TokenType
from gguf.quants import dequantize, quantize
from numpy.typing import NDArray

_WIDTH = 64
_INNER = 128
_HEADS = 2
_SPECIAL = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")
_TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message['role'] }}\n{{ message['content'] }}"
    "<|im_end|>\n{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
_PRINTABLE = (*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100))
_MATRICES = {
    "attn_q": (_WIDTH, _WIDTH),
    "attn_k": (_WIDTH, _WIDTH),
    "attn_v": (_WIDTH, _WIDTH),
    "attn_output": (_WIDTH, _WIDTH),
    "ffn_gate": (_INNER, _WIDTH),
    "ffn_up": (_INNER, _WIDTH),
    "ffn_down": (_WIDTH, _INNER),
}


def write(path: Path) -> NDArray[np.float32]:
    """Write the file and return its embedding of tokens, as it is quantised."""
    tokens = [*_SPECIAL, *_letters(), "he"]
    dice = np.random.default_rng(1)
    file = GGUFWriter(path, "llama")
    _describe(file, len(tokens))
    _add_tokenizer(file, tokens)
    embedding = dice.normal(0, 0.1, (len(tokens), _WIDTH)).astype(np.float32)
    _add(file, "token_embd", embedding, GGMLQuantizationType.Q8_0)
    for name, shape in _MATRICES.items():
        matrix = dice.normal(0, 0.1, shape).astype(np.float32)
        _add(file, f"blk.0.{name}", matrix, GGMLQuantizationType.Q4_1)
    for name in ("blk.0.attn_norm", "blk.0.ffn_norm", "output_norm"):
        file.add_tensor(f"{name}.weight", np.ones(_WIDTH, np.float32))
    file.write_header_to_file()
    file.write_kv_data_to_file()
    file.write_tensors_to_file()
    file.close()
    kind = GGMLQuantizationType.Q8_0
    kept: NDArray[np.float32] = dequantize(quantize(embedding, kind), kind)
    return kept


def _letters() -> list[str]:
    """GPT-2's letter for each byte."""
    others = iter(range(0x100, 0x200))
    return [chr(byte if byte in _PRINTABLE else next(others)) for byte in range(256)]


def _describe(file: GGUFWriter, vocabulary: int) -> None:
    file.add_block_count(1)
    file.add_context_length(512)
    file.add_embedding_length(_WIDTH)
    file.add_feed_forward_length(_INNER)
    file.add_head_count(_HEADS)
    file.add_head_count_kv(_HEADS)
    file.add_rope_freq_base(100_000.0)
    file.add_rope_dimension_count(_WIDTH // _HEADS)
    file.add_layer_norm_rms_eps(1e-5)
    file.add_vocab_size(vocabulary)


def _add_tokenizer(file: GGUFWriter, tokens: list[str]) -> None:
    plain = len(tokens) - len(_SPECIAL)
    file.add_tokenizer_model("gpt2")
    file.add_tokenizer_pre("smollm")
    file.add_token_list(tokens)
    file.add_token_types([TokenType.CONTROL] * len(_SPECIAL) + [TokenType.NORMAL] * plain)
    file.add_token_merges(["h e"])
    file.add_bos_token_id(1)
    file.add_eos_token_id(2)
    file.add_unk_token_id(0)
    file.add_pad_token_id(2)
    file.add_add_bos_token(False)
    file.add_add_space_prefix(False)
    file.add_chat_template(_TEMPLATE)


def _add(
    file: GGUFWriter, name: str, matrix: NDArray[np.float32], kind: GGMLQuantizationType
) -> None:
    file.add_tensor(f"{name}.weight", quantize(matrix, kind), raw_dtype=kind)
