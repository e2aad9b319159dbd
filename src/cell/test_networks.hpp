// For tests: one small network of every kind that lower() tells apart, and random frames.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "activation/search.hpp"
#include "base/npy.hpp"
#include "base/random.hpp"
#include "network/random_network.hpp"

namespace erngen {

struct NamedShape {
  std::string name;
  NetworkShape shape;
};

/// Sizes are chosen so that most are not multiples of their block size.
inline std::vector<NamedShape> network_zoo() {
  std::vector<NamedShape> zoo;
  const auto lstm = [&](const char* name, int input, int hidden, BlockSizes block) -> NetworkShape& {
    NetworkShape shape;
    shape.input = input;
    shape.hidden = hidden;
    shape.block.all = block;
    return zoo.emplace_back(NamedShape{name, shape}).shape;
  };
  const auto gru = [&](const char* name, int input, int hidden, BlockSizes block) -> NetworkShape& {
    NetworkShape& shape = lstm(name, input, hidden, block);
    shape.cell = CellKind::gru;
    return shape;
  };
  lstm("lstm", 39, 20, {8, 8, 8, 1});
  lstm("lstm dense blocks", 6, 3, {1, 1, 1, 1}).dense = 4;
  lstm("lstm mixed blocks", 39, 20, {4, 16, 8, 1}).dense = 11;
  lstm("lstm blocks of 64", 70, 64, {64, 64, 64, 1});
  lstm("lstm without bias", 6, 20, {2, 2, 2, 2}).bias = false;
  lstm("lstm sigmoid candidate", 20, 6, {4, 4, 4, 1}).candidate = Nonlinearity::sigmoid;
  lstm("lstm peephole", 20, 20, {8, 8, 8, 1}).peephole = true;
  lstm("lstm projection", 39, 20, {8, 4, 2, 1}).projection = 6;
  {
    NetworkShape& shape = lstm("lstm everything, two layers", 20, 39, {16, 8, 4, 1});
    shape.projection = 20;
    shape.peephole = true;
    shape.layers = 2;
    shape.dense = 5;
  }
  for (const Reset reset : {Reset::before, Reset::after}) {
    const std::string name = reset == Reset::before ? "gru before" : "gru after";
    gru((name + ", two layers").c_str(), 39, 20, {8, 8, 8, 1}).reset = reset;
    zoo.back().shape.layers = 2;
    zoo.back().shape.dense = 3;
    gru((name + " mixed blocks").c_str(), 6, 39, {2, 16, 8, 1}).reset = reset;
    gru((name + " without bias").c_str(), 3, 20, {1, 4, 8, 1}).reset = reset;
    zoo.back().shape.bias = false;
  }
  return zoo;
}

/// For QuantiseOptions::units: the same units serve many of the networks, and the search for wide ones takes a while.
inline UnitCache known_units;

/// Nearly normal values, the same for the same seed.
inline Array random_frames(std::vector<int> shape, std::uint64_t seed, double scale = 1) {
  Rng rng(seed);
  size_t size = 1;
  for (const int extent : shape) size *= static_cast<size_t>(extent);
  Array x{std::move(shape), std::vector<float>(size)};
  for (float& value : x.values) value = static_cast<float>(scale * rng.normal());
  return x;
}

}  // namespace erngen
