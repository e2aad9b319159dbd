// Whole training runs, small ones: ADMM, interruption, quantisation-aware training, what goes wrong.
#define DOCTEST_CONFIG_NO_SHORT_MACRO_NAMES
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>

#include <cmath>
#include <map>
#include <string>

#include <ATen/ATen.h>

#include "base/error.hpp"
#include "base/random.hpp"
#include "base/test_directory.hpp"
#include "cell/fixed_run.hpp"
#include "circulant/projection.hpp"
#include "network/network_file.hpp"
#include "network/safetensors.hpp"
#include "train/admm.hpp"
#include "train/fixed_forward.hpp"
#include "train/loss.hpp"
#include "train/optimiser.hpp"
#include "train/stages.hpp"
#include "train/test_voices.hpp"
#include "train/trainer.hpp"

using namespace erngen;

namespace {

TrainOptions small(const TestVoices& voices) {
  TrainOptions o = voices.options();
  o.shape.cell = CellKind::gru;
  o.shape.layers = 1;
  o.shape.hidden = 16;
  o.shape.block.all = {4, 4, 4, 4};
  o.data.hold_out = 1;
  o.data.validation_utterances = 20;
  o.steps = 24;
  o.aligned_steps = 8;
  o.batch = 4;
  o.warmup = 4;
  o.dropout = 0.1;
  o.log_every = 4;
  o.validate_every = 8;
  o.threads = 1;
  return o;
}

/// The error that an expression throws, as text; "" for none.
template <class F>
std::string error_of(F&& f) {
  try {
    f();
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}

struct Killed {};

/// Runs until `step` steps are done, as if killed then.
void run_and_kill(const TrainOptions& o, int step) {
  DOCTEST_CHECK_THROWS_AS(train(o,
                                [&](const TrainProgress& p) {
                                  if (p.step == step) throw Killed();
                                }),
                          Killed);
}

}  // namespace

DOCTEST_TEST_CASE("ADMM finds the nearest block-circulant point of a quadratic loss") {
  // The loss 1/2 |W - A|^2 has its minimum over block-circulant W at the projection of A.
  NetworkShape shape;
  shape.cell = CellKind::gru;
  shape.input = 8;
  shape.hidden = 8;
  shape.block.all = {1, 1, 1, 1};
  const Network goal = random_network(shape);
  shape.seed = 2;
  TorchNetwork network(random_network(shape));
  BlockChoice target;
  target.all = {4, 8, 8, 8};
  AdmmOptions o;
  o.steps = 4000;
  o.interval = 10;
  o.rho = o.rho_last = 30;
  o.tolerance = 1e-3;
  Admm admm(network.to_network(), target, o);
  Optimiser optimiser(admm.coordinates(), 0);
  const auto parameters = network.parameters();
  const auto wanted = parameter_values(goal);
  int steps = 0;
  while (steps < o.steps) {
    torch::Tensor loss = torch::zeros({1});
    for (const torch::Tensor& p : parameters) p.mutable_grad().reset();
    for (size_t n = 0; n < wanted.size(); ++n) loss = loss + 0.5 * (parameters[n] - wanted[n]).square().sum();
    loss.backward();
    admm.split_gradient(parameters);
    const double rate = steps < 2000 ? 1e-2 : 1e-3;
    optimiser.step(rate);
    admm.pull(parameters, rate);
    if (++steps % o.interval == 0) admm.update(true);
  }
  DOCTEST_CHECK(admm.converged());
  DOCTEST_CHECK(admm.state().last.primal < 1e-3);
  const auto found = parameter_values(compress(network.to_network(), target).network),
             best = parameter_values(compress(goal, target).network);
  for (size_t n = 0; n < best.size(); ++n) DOCTEST_CHECK((found[n] - best[n]).abs().max().item<float>() < 0.02f);
}

DOCTEST_TEST_CASE("growing rho leaves the unscaled dual as it is") {
  NetworkShape shape;
  shape.input = 4;
  shape.hidden = 4;
  shape.block.all = {1, 1, 1, 1};
  TorchNetwork network(random_network(shape));
  BlockChoice target;
  target.all = {4, 4, 4, 4};
  AdmmOptions o;
  o.steps = 20;
  o.interval = 10;  // two updates: rho, then rho_last
  o.rho = 0.5;
  o.rho_last = 4;
  Admm admm(network.to_network(), target, o);
  admm.pull(network.parameters(), 8);  // rate rho = 4: the whole dual step
  const torch::Tensor d = admm.state().coordinates.back().detach().clone();
  DOCTEST_REQUIRE(d.abs().max().item<float>() > 1e-3f);
  admm.update(true);
  DOCTEST_CHECK(admm.state().rho == doctest::Approx(4));
  DOCTEST_CHECK((admm.state().dual.back() * 4 - d * 0.5).abs().max().item<float>() < 1e-5f);
  DOCTEST_CHECK(admm.distance() == doctest::Approx(admm.state().last.primal));
  DOCTEST_CHECK(!error_of([&] { Admm(compress(network.to_network(), target).network, target, o); }).empty());
}

DOCTEST_TEST_CASE("rho waits while it may not grow, and then rises to the same end") {
  NetworkShape shape;
  shape.input = 4;
  shape.hidden = 4;
  shape.block.all = {1, 1, 1, 1};
  BlockChoice target;
  target.all = {4, 4, 4, 4};
  AdmmOptions o;
  o.steps = 40;
  o.interval = 10;
  o.rho = 1;
  o.rho_last = 8;
  Admm admm(random_network(shape), target, o);
  std::vector<double> used;
  for (const bool may_grow : {false, false, true, true}) used.push_back(admm.update(may_grow).rho);
  DOCTEST_CHECK(used == std::vector<double>{1, 1, 1, 8});
  Admm steady(random_network(shape), target, o);
  used.clear();
  for (int n = 0; n < 4; ++n) used.push_back(steady.update(true).rho);
  for (size_t n = 0; n < 4; ++n) DOCTEST_CHECK(used[n] == doctest::Approx(std::pow(2.0, n)));
}

DOCTEST_TEST_CASE("the projection of tensors is that of networks, padded edges too") {
  NetworkShape shape;
  shape.input = 11;
  shape.hidden = 6;
  shape.block.all = {1, 1, 1, 1};
  const Network dense = random_network(shape);
  BlockChoice target;
  target.all = {4, 8, 8, 2};
  const auto values = parameter_values(dense), wanted = parameter_values(compress(dense, target).network);
  for (size_t n = 0; n < values.size(); ++n) {
    if (wanted[n].dim() != 4) continue;
    const torch::Tensor w = values[n].squeeze(3);
    const CirculantProjection projection(w.size(1), w.size(2), wanted[n].size(3));
    const torch::Tensor columns = projection.means(w), again = projection.means(projection.dense(columns));
    DOCTEST_CHECK((columns - wanted[n]).abs().max().item<float>() < 1e-6f);
    DOCTEST_CHECK((again - columns).abs().max().item<float>() < 1e-6f);
    // sums() is the transpose of dense(): <sums(x), y> = <x, dense(y)>.
    const torch::Tensor y = torch::rand_like(columns);
    DOCTEST_CHECK((projection.sums(w) * y).sum().item<float>() ==
                  doctest::Approx((w * projection.dense(y)).sum().item<float>()).epsilon(1e-4));
  }
}

DOCTEST_TEST_CASE("the loss of distillation is the divergence of the class probabilities, a label") {
  const torch::Tensor p = torch::tensor({{0.5f, 0.25f, 0.25f}, {0.1f, 0.1f, 0.8f}}),
                      q = torch::tensor({{0.2f, 0.4f, 0.4f}, {0.3f, 0.3f, 0.4f}});
  double wanted = 0;
  for (int t = 0; t < 2; ++t) {
    for (int c = 0; c < 3; ++c)
      wanted += p[t][c].item<double>() * std::log(p[t][c].item<double>() / q[t][c].item<double>()) / 4;
  }
  torch::Tensor y = (q.log() + 3).set_requires_grad(true);  // scores: any constant a frame may be added
  const torch::Tensor loss = distillation_loss(y, p.log() - 1, 4);
  DOCTEST_CHECK(loss.item<double>() == doctest::Approx(wanted).epsilon(1e-5));
  DOCTEST_CHECK(distillation_loss(p.log(), p.log() - 1, 4).item<double>() == doctest::Approx(0).epsilon(1e-6));
  loss.backward();
  DOCTEST_CHECK((y.grad() - (q - p) / 4).abs().max().item<float>() <
                1e-6f);  // the gradient of a soft-max's cross entropy
}

DOCTEST_TEST_CASE("training by ADMM learns, ends block-circulant, and goes on after a kill to the same network") {
  const TestVoices voices;
  const TestDirectory directory;
  TrainOptions o = small(voices);
  o.method = Method::admm;
  o.dense_steps = 16;
  o.admm.steps = 16;
  o.admm.interval = 4;
  o.distillation = 0.5;  // the teacher, the network at the end of the dense stage, must survive the kill too
  std::vector<TrainProgress> reports;
  const Network whole = train(o, [&](const TrainProgress& p) {
    if (p.summary) reports.push_back(p);
  });
  DOCTEST_CHECK(whole.max_block() == 4);
  DOCTEST_CHECK(reports.back().step == 16 + 16 + 24);
  DOCTEST_CHECK(whole.metadata["recipe"]["method"] == "admm");
  double first_primal = 0, last_primal = 0;
  for (const TrainProgress& p : reports) {
    if (!p.admm) continue;
    if (first_primal == 0) first_primal = p.primal;
    last_primal = p.primal;
  }
  DOCTEST_CHECK(last_primal < first_primal);

  for (int step : {3, 12, 21, 27, 40, 52}) {  // before the first checkpoint, and in every stage
    TrainOptions again = o;
    again.checkpoint = directory / std::to_string(step);
    run_and_kill(again, step);
    DOCTEST_CHECK(network_bytes(train(again)) == network_bytes(whole));
    DOCTEST_CHECK(network_bytes(train(again)) == network_bytes(whole));  // a finished run is finished
    TrainOptions other = again;
    other.peak_rate = 1e-4;
    DOCTEST_CHECK(error_of([&] { train(other); }).find("other options") != std::string::npos);
    TensorFile contents = read_safetensors(again.checkpoint);
    for (auto& [name, tensor] : contents.tensors)
      if (name == "weights.0") tensor = {{1}, std::vector<float>{0}};
    write_safetensors(contents, again.checkpoint);
    DOCTEST_CHECK(error_of([&] { train(again); }).find("the tensor weights.0 is [1], not of the") != std::string::npos);
    for (auto& [key, text] : contents.metadata)
      if (key == "numbers") text.replace(text.find("\"stage\":") + 8, 1, "9");
    write_safetensors(contents, again.checkpoint);
    DOCTEST_CHECK(error_of([&] { train(again); }).find("this run has no step") != std::string::npos);
  }
  TrainOptions alone = o;
  alone.distillation = 0;
  DOCTEST_CHECK(network_bytes(train(alone)) != network_bytes(whole));
  TrainOptions seeded = o;
  seeded.seed = 2;
  DOCTEST_CHECK(network_bytes(train(seeded)) != network_bytes(whole));
}

DOCTEST_TEST_CASE("rho stays while the loss is too far from that of the dense network") {
  const TestVoices voices;
  TrainOptions o = small(voices);
  o.method = Method::admm;
  o.dense_steps = 8;
  o.admm.steps = 16;
  o.admm.interval = o.log_every = 4;
  o.steps = 4;
  std::string note;
  const auto last = [&](double limit) {
    o.admm.loss_limit = limit;
    TrainProgress found;
    train(o, [&](const TrainProgress& p) {
      if (p.admm) found = p;
      if (p.note.starts_with("ADMM")) note = p.note;
    });
    return found;
  };
  const TrainProgress free = last(0);
  DOCTEST_CHECK(note.find("--rho-last") != std::string::npos);
  const TrainProgress held = last(1e-6);
  DOCTEST_CHECK(note.find("a larger --admm-loss-limit than 1e-06") != std::string::npos);
  DOCTEST_CHECK(free.rho == doctest::Approx(o.admm.rho_last));
  DOCTEST_CHECK(held.rho == doctest::Approx(o.admm.rho));
  DOCTEST_CHECK(held.loss_ratio > 1e-6);
  DOCTEST_CHECK(free.distance < held.distance);
}

DOCTEST_TEST_CASE("dropout is for dense networks, unless it is given") {
  TrainOptions o;
  o.method = Method::admm;
  o.dense_steps = 5;
  const auto rates = [&](bool block_circulant) {
    std::vector<double> found;
    for (const Stage& s : stages_of(o, block_circulant)) found.push_back(s.dropout);
    return found;
  };
  DOCTEST_CHECK(rates(false) == std::vector<double>{0.2, 0, 0});
  o.method = Method::direct;
  DOCTEST_CHECK(rates(false) == std::vector<double>{0.2});
  DOCTEST_CHECK(rates(true) == std::vector<double>{0});
  o.dropout = 0.3;
  DOCTEST_CHECK(rates(true) == std::vector<double>{0.3});
}

DOCTEST_TEST_CASE("ADMM and retraining keep what a dense network has learned of ten tones") {
  const TestVoices voices;
  TrainOptions o = small(voices);
  o.shape.hidden = 32;
  o.method = Method::admm;
  o.dense_steps = 120;
  o.aligned_steps = 60;
  o.batch = 8;
  o.peak_rate = 1e-2;
  o.retrain_rate = 5e-3;
  o.admm.steps = 120;
  o.admm.interval = 6;
  o.admm.rate = 5e-3;
  o.steps = 60;
  o.log_every = o.validate_every = 20;
  std::map<std::string, TrainProgress> last;
  train(o, [&](const TrainProgress& p) {
    if (p.summary) last[p.stage] = p;
  });
  DOCTEST_INFO("dense " << last["dense"].error_rate << " ADMM " << last["admm"].primal << " retrained "
                        << last["retrain"].error_rate);
  DOCTEST_CHECK(last["dense"].error_rate < 0.3);
  DOCTEST_CHECK(last["admm"].primal < 0.3);
  DOCTEST_CHECK(last["retrain"].error_rate < 0.3);
}

DOCTEST_TEST_CASE("early stopping ends the last stage and returns the best network") {
  const TestVoices voices;
  TrainOptions o = small(voices);
  o.steps = 400;
  o.validate_every = 4;
  o.peak_rate = 1e-9;  // nothing is learned, so nothing gets better
  o.patience = 2;
  TrainProgress last;
  train(o, [&](const TrainProgress& p) { last = p; });
  DOCTEST_CHECK(last.step == 12);
}

DOCTEST_TEST_CASE("quantisation-aware training runs forward on the fixed-point model, bit by bit") {
  const TestVoices voices;
  const TestDirectory directory;
  for (const char* cell : {"gru", "gru before", "lstm"}) {
    const bool lstm = std::string(cell) == "lstm";
    TrainOptions o = small(voices);
    o.steps = 30;
    if (std::string(cell) == "gru before") o.shape.reset = Reset::before;
    if (lstm) {
      o.shape.cell = CellKind::lstm;
      o.shape.peephole = true;
      o.shape.projection = 8;
    }
    o.start = directory / cell;
    write_network(train([&] {
                    TrainOptions first = o;
                    first.start.clear();
                    return first;
                  }()),
                  o.start);
    const Network network = read_network(o.start);
    o.method = Method::quantised;
    o.weight_bits = o.activation_bits = 6;
    const auto data = open_training_data(o, &network.metadata);
    const FixedForward fixed(network, *data, o);
    const QuantNetwork q = fixed.quantised(network);
    const Example& e = data->validation()[0];
    const Packing packing({e.features.shape[0]});
    const auto signals = fixed.signals(
        network, torch::tensor(e.features.values).reshape({e.features.shape[0], e.features.shape[1]}), packing);
    const Array expected = real_outputs(run_fixed(q, e.features), q);
    const torch::Tensor y = signals.back().linear.contiguous();
    DOCTEST_REQUIRE(static_cast<size_t>(y.numel()) == expected.size());
    for (size_t n = 0; n < expected.size(); ++n) DOCTEST_CHECK(y.data_ptr<float>()[n] == expected.values[n]);

    // The gates are those of the layer: what they make of the state is the output, but for the rounding to 6 bits.
    torch::Tensor made, output;
    if (lstm) {
      const LstmSignals& s = signals[0].lstm;
      made = s.gates.chunk(4, 1)[3] * s.squashed;
      output = s.hidden;
    } else {
      const GruSignals& s = signals[0].gru;
      const auto gates = s.gates.chunk(3, 1);
      made = (1 - gates[1]) * gates[2] + gates[1] * packing.delayed(s.output);
      output = s.output;
    }
    DOCTEST_CHECK((made - output).abs().mean().item<float>() < 0.03 * output.abs().max().item<float>());

    o.steps = 6;
    o.validate_every = 3;
    const Network tuned = train(o);
    DOCTEST_CHECK(network_bytes(tuned) != network_bytes(network));
    DOCTEST_CHECK(network_bytes(tuned) == network_bytes(train(o)));
  }
}

DOCTEST_TEST_CASE(
    "a loss that is no number stops the run with its step and cause, and keeps the last good checkpoint") {
  const TestVoices voices;
  const TestDirectory directory;
  TrainOptions o = small(voices);
  o.peak_rate = 1;
  o.clip_norm = 1e30;
  o.weight_decay = 3e38;  // the weights grow beyond all numbers
  o.checkpoint = directory / "state";
  o.validate_every = 1;
  const std::string text = error_of([&] { train(o); });
  DOCTEST_CHECK(text.find("step ") != std::string::npos);
  DOCTEST_CHECK(text.find("the last good state is in") != std::string::npos);
  const TensorFile kept = read_safetensors(o.checkpoint);  // refuses what is not finite
  DOCTEST_CHECK(kept.tensors.size() > 3);
  DOCTEST_CHECK(text.find("the rate is too high") != std::string::npos);
}

DOCTEST_TEST_CASE("a start that does not fit the data is refused") {
  const TestVoices voices;
  const TestDirectory directory;
  TrainOptions o = small(voices);
  o.start = directory / "net";
  NetworkShape shape;
  shape.input = 39;
  shape.hidden = 8;
  shape.dense = 11;
  Network network = random_network(shape);
  write_network(network, o.start);
  DOCTEST_CHECK(error_of([&] { train(o); }).find("no \"frontend\"") != std::string::npos);
  network.metadata["frontend"] = to_json(FrontendConfig{});
  network.metadata["labels"] = {"<blank>", "a"};
  write_network(network, o.start);
  DOCTEST_CHECK(error_of([&] { train(o); }).find("other output classes") != std::string::npos);
}

DOCTEST_TEST_CASE("frame-wise cross entropy on labelled frames learns what the frames show") {
  const TestDirectory directory;
  TrainOptions o;
  o.data.kind = DataKind::npz;
  o.data.path = std::filesystem::path(TRAIN_FIXTURES) / "frames.npz";
  o.data.validation = o.data.path;
  o.loss = Loss::frames;
  o.shape.layers = 1;
  o.shape.hidden = 16;
  o.shape.block.all = {2, 2, 2, 1};
  o.batch = 4;
  o.epochs = 250;
  o.dropout = 0;
  o.peak_rate = 1e-2;
  o.threads = 1;
  TrainProgress last;
  const Network network = train(o, [&](const TrainProgress& p) { last = p; });
  DOCTEST_CHECK(last.step == 250);
  DOCTEST_CHECK(last.error_rate < 0.1);
  DOCTEST_CHECK(network.output() == 5);
  o.data.kind = DataKind::digits;
  DOCTEST_CHECK(error_of([&] { train(o); }) != "");
}
