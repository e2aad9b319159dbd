// Files of recorded sequences: .npy for one or for equal lengths, .npz for different lengths.
#pragma once

#include <filesystem>

#include "network/sequences.hpp"

namespace erngen {

/// Reads a .npy array [frames, features] or [sequences, frames, features], or an .npz archive whose array `features` is
/// one of these, or with an array `lengths` [sequences] one of [sum of the lengths, features] and [sequences, longest,
/// features] (padded). The array `outputs` of an archive that write_sequences() made stands for `features`.
/// Throws Error(bad_input) naming the file.
Sequences read_sequences(const std::filesystem::path& file);

/// Writes .npz if the file's name ends so, with the arrays `outputs` and `lengths`, padded with zeros if the sequences
/// came padded; else .npy. Throws Error(usage) for a .npy of different lengths, Error(output).
void write_sequences(const std::filesystem::path& file, const Sequences& y);

/// Throws what write_sequences() would throw for these sequences' lengths.
void require_writable(const std::filesystem::path& file, const Sequences& y);

/// The last frame of each sequence, [sequences, features]: .npy, or .npz with the array `outputs`.
void write_last_frames(const std::filesystem::path& file, const Sequences& y);

}  // namespace erngen
