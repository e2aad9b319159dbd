// Tests of the data sets of training: digits, TIMIT, .npz; options and log.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>

#include "train/digit_data.hpp"

#include <cmath>
#include <fstream>
#include <set>

#include "base/check_error.hpp"
#include "base/npz.hpp"
#include "base/test_directory.hpp"
#include "speech/digits.hpp"
#include "train/checkpoint.hpp"
#include "train/log.hpp"
#include "train/pool_store.hpp"
#include "train/schedule.hpp"
#include "train/test_timit.hpp"
#include "train/test_voices.hpp"
#include "train/training_data.hpp"

using namespace erngen;

TEST_CASE("only training recordings enter the corpus") {
  const TestVoices voices;
  DataOptions o = voices.options().data;
  const Corpus c = read_corpus(o, 8000);
  CHECK(c.real.size() == 10 * 4);
  CHECK(c.held_out.empty());
  for (const Clip& clip : c.real) CHECK(clip.index >= test_indices);

  o.hold_out = 1;
  o.extra = {voices.path};
  const Corpus held = read_corpus(o, 8000);
  CHECK(held.real.size() == 10 * 3);
  CHECK(held.held_out.size() == 10);
  for (const Clip& clip : held.held_out) CHECK(clip.index == 5);
  CHECK(held.extra.size() == 10 * 5);  // the extra folder is used whole

  o.hold_out = 100;
  CHECK_THROWS_AS(read_corpus(o, 8000), Error);
  o.hold_out = 0;
  o.without_speaker = "tone";
  CHECK_THROWS_AS(read_corpus(o, 8000), Error);
}

/// What the rows of a packed batch must be, by its definition.
void check_batch(const Batch& b) {
  std::int64_t rows = 0, labels = 0;
  for (size_t u = 0; u < b.lengths.size(); ++u) {
    if (u > 0) CHECK(b.lengths[u] <= b.lengths[u - 1]);
    rows += b.lengths[u];
    labels += b.label_counts[u];
  }
  CHECK(b.rows() == rows);
  CHECK(static_cast<std::int64_t>(b.labels.size()) == labels);
  CHECK((b.targets.empty() || static_cast<std::int64_t>(b.targets.size()) == rows));
}

TEST_CASE("a batch is packed frame by frame, longest first") {
  const auto example = [](int frames, float first, std::vector<int> labels) {
    Example e{{{frames, 1}, {}}, std::move(labels), {}};
    for (int t = 0; t < frames; ++t) e.features.values.push_back(first + static_cast<float>(t));
    return e;
  };
  const Example a = example(2, 10, {1}), b = example(4, 20, {2, 3}), c = example(3, 30, {4});
  const Batch batch = pack({&a, &b, &c});
  check_batch(batch);
  CHECK(batch.features == std::vector<float>{20, 30, 10, 21, 31, 11, 22, 32, 23});
  CHECK(batch.lengths == std::vector<std::int64_t>{4, 3, 2});
  CHECK(batch.labels == std::vector<std::int64_t>{2, 3, 4, 1});
  CHECK(batch.places == std::vector<size_t>{1, 2, 0});
  CHECK(ctc_frames({1, 1, 2, 2, 2}) == 8);
}

TEST_CASE("pools repeat, differ from each other, and hold every frame they claim") {
  const TestVoices voices;
  for (Units units : {Units::digits, Units::phones}) {
    TrainOptions o = voices.options();
    o.data.units = units;
    const auto data = open_training_data(o, nullptr);
    const auto a = data->pool(3);
    const auto b = data->pool(3);
    const auto c = data->pool(4);
    REQUIRE(a.size() == TrainingData::pool_batches);
    CHECK(data->labels() == (units == Units::digits ? digit_labels() : phone_labels()));
    bool differs = false;
    for (size_t i = 0; i < a.size(); ++i) {
      check_batch(a[i]);
      CHECK(a[i].features == b[i].features);
      CHECK(a[i].labels == b[i].labels);
      CHECK(a[i].targets == b[i].targets);
      differs = differs || a[i].labels != c[i].labels;
      CHECK(a[i].lengths.size() == static_cast<size_t>(o.batch));
      for (std::int64_t l : a[i].labels) CHECK((l >= 1 && l < static_cast<std::int64_t>(data->labels().size())));
    }
    CHECK(differs);
    const Array x = calibration_features(*data);
    CHECK(x.shape[1] == 39);
    CHECK(x.shape[0] == data->pool(0)[0].rows() + data->pool(0)[1].rows());
  }
}

TEST_CASE("frames get the digit late in its recording, the blank between recordings") {
  const Frontend frontend{FrontendConfig{}};  // frame t has its middle at sample 128 t + 128
  Utterance u;
  u.digits = {7, 1, 2};
  u.audio = {8000, std::vector<float>(2560, 0.0f)};
  u.spans = {{256, 896, 1}, {1280, 2000, 2}};
  const auto _ = no_target;
  // middles 128 | 256 384 512 | 640 768 | 896 1024 1152 | 1280 .. 1920 | 2048 ..
  CHECK(frame_targets(u, frontend, Units::digits) ==
        std::vector<std::int64_t>{0, _, _, _, 8, 8, 0, 0, 0, _, _, _, _, _, _, 0, 0, 0, 0});
  // "one": three phones of 640 samples each, the last two fifths of each are 384 .. 640 of it.
  u.digits = {1};
  u.spans = {{128, 2048, 1}};
  const auto phones = to_phone_classes({1});
  const std::int64_t w = phones[0], ah = phones[1], n = phones[2];
  CHECK(frame_targets(u, frontend, Units::phones) ==
        std::vector<std::int64_t>{_, _, _, w, w, _, _, _, ah, ah, _, _, _, n, n, 0, 0, 0, 0});
}

TEST_CASE("normalised training features have mean 0 and variance 1") {
  const TestVoices voices;
  TrainOptions o = voices.options();
  o.frontend.clip = 0;
  const Corpus corpus = read_corpus(o.data, 8000);
  const UtteranceSource maker(corpus, o.data);
  const Frontend frontend(with_normalisation(o.frontend, maker, o.seed));
  Rng rng(99);
  std::vector<double> sum(39), squares(39);
  double frames = 0;
  for (int i = 0; i < 200; ++i) {
    const Array x = frontend.features(maker.draw(rng).audio);
    for (size_t n = 0; n < x.size(); ++n) {
      sum[n % 39] += x.values[n];
      squares[n % 39] += x.values[n] * x.values[n];
    }
    frames += x.shape[0];
  }
  for (size_t c = 0; c < 39; ++c) {
    CHECK(std::abs(sum[c] / frames) < 0.2);
    CHECK(squares[c] / frames == doctest::Approx(1.0).epsilon(0.2));
  }
}

TEST_CASE("the learning rate rises, falls and ends") {
  const LearningRate rate{1e-3, 10, 110};
  CHECK(rate.at(0) == doctest::Approx(1e-4));
  CHECK(rate.at(9) == doctest::Approx(1e-3));
  CHECK(rate.at(10) == doctest::Approx(1e-3));
  CHECK(rate.at(60) == doctest::Approx(5e-4));
  CHECK(rate.at(110) == doctest::Approx(0.0));
  CHECK(rate.at(1000) == doctest::Approx(0.0));
}

TEST_CASE("bad options are usage errors") {
  const auto code = [](auto change) {
    TrainOptions o;
    change(o);
    try {
      o.validate();
    } catch (const Error& e) {
      return e.kind();
    }
    return ExitCode::success;
  };
  CHECK(code([](TrainOptions&) {}) == ExitCode::success);
  CHECK(code([](TrainOptions& o) { o.steps = 0; }) == ExitCode::usage);
  CHECK(code([](TrainOptions& o) { o.batch = 0; }) == ExitCode::usage);
  CHECK(code([](TrainOptions& o) { o.peak_rate = NAN; }) == ExitCode::usage);
  CHECK(code([](TrainOptions& o) { o.dropout = 1; }) == ExitCode::usage);
  CHECK(code([](TrainOptions& o) { o.admm.loss_limit = -1; }) == ExitCode::usage);
  CHECK(code([](TrainOptions& o) { o.snapshots = {0, o.steps + 1}; }) == ExitCode::usage);
  CHECK(code([](TrainOptions& o) { o.data.masks.count = -1; }) == ExitCode::usage);
  CHECK(code([](TrainOptions& o) { o.data.augmentation.min_snr_db = 60; }) == ExitCode::usage);
  CHECK(code([](TrainOptions& o) { o.method = Method::admm; }) == ExitCode::usage);  // no network to start from
  CHECK(code([](TrainOptions& o) { o.method = Method::admm, o.dense_steps = 10; }) == ExitCode::success);
  CHECK(code([](TrainOptions& o) { o.distillation = 0.5; }) ==
        ExitCode::usage);  // direct training has no dense network
  CHECK(code([](TrainOptions& o) { o.method = Method::projection, o.dense_steps = 10, o.distillation = 0.5; }) ==
        ExitCode::success);
  CHECK(code([](TrainOptions& o) { o.method = Method::projection, o.dense_steps = 10, o.distillation = 1.5; }) ==
        ExitCode::usage);
  CHECK(code([](TrainOptions& o) { o.admm.rho_last = o.admm.rho / 2; }) == ExitCode::usage);
  CHECK(code([](TrainOptions& o) { o.data.timit_phones = 40; }) == ExitCode::usage);
}

TEST_CASE("stored pools are read again, bit for bit, by runs with the same data, seed and batch size alone") {
  const TestVoices voices;
  const TestDirectory directory;
  TrainOptions o = voices.options();
  const auto same = [](const std::vector<Batch>& a, const std::vector<Batch>& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Batch& x, const Batch& y) {
      return x.width == y.width && x.features == y.features && x.lengths == y.lengths && x.labels == y.labels &&
             x.label_counts == y.label_counts && x.targets == y.targets && x.places == y.places;
    });
  };
  const auto stored = [&] { return with_pool_store(open_training_data(o, nullptr), directory / "pools", o); };
  const auto files = [&] {
    std::vector<std::filesystem::path> found;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(directory / "pools"))
      if (entry.is_regular_file()) found.push_back(entry.path());
    return found;
  };
  const auto plain = open_training_data(o, nullptr)->pool(3);
  CHECK(same(stored()->pool(3), plain));  // made
  REQUIRE(files().size() == 1);
  CHECK(same(stored()->pool(3), plain));  // read
  CHECK(files().size() == 1);
  CHECK(!same(stored()->pool(4), plain));
  o.seed = 2;
  const auto other = open_training_data(o, nullptr)->pool(3);
  CHECK(!same(other, plain));
  CHECK(same(stored()->pool(3), other));
  CHECK(files().size() == 3);
  o.data.augmentation.speed = 0.1;
  CHECK(!same(stored()->pool(3), other));
  for (const auto& file : files()) std::filesystem::resize_file(file, 100);
  CHECK_ERROR(stored()->pool(3), ExitCode::bad_input, "000003.safetensors");
  std::ofstream(directory / "file") << "not a folder";
  CHECK_ERROR(with_pool_store(open_training_data(o, nullptr), directory / "file", o), ExitCode::output,
              "cannot make the directory");
}

TEST_CASE("a log that cannot be written is an output error") {
  try {
    TrainLog log("/proc/none/log", 0);
    FAIL("no error");
  } catch (const Error& e) {
    CHECK(e.kind() == ExitCode::output);
  }
}

TEST_CASE("a checkpoint comes back as it was, and says what is wrong with it") {
  const TestDirectory directory;
  const std::string file = directory / "state";
  Checkpoint c;
  c.progress = {1, 12, 8, 12, 0.25, 1, true, std::uint64_t{1} << 40, AdmmProgress{3, 1.5, 0.01, 2.5, 3, 1.2, 0.5, 0.1}};
  c.lists = {{"weights", {{{2}, std::vector<float>{1, 2}}, {{}, std::vector<float>{3}}}}, {"best", {}}};
  write_checkpoint(c, "run", file);
  const Checkpoint back = read_checkpoint(file, "run");
  CHECK(back.progress.stage == 1);
  CHECK(back.progress.ended);
  CHECK(back.progress.log_bytes == std::uint64_t{1} << 40);
  CHECK(back.progress.admm->smoothed_loss == 3);
  CHECK(back.find("weights")->at(0).shape == std::vector<int>{2});
  CHECK(back.find("best")->empty());
  CHECK(back.find("dual") == nullptr);
  const auto refused = [&](auto&& change) {
    TensorFile contents = read_safetensors(file);
    change(contents);
    write_safetensors(contents, directory / "changed");
    try {
      read_checkpoint(directory / "changed", "run");
    } catch (const Error& error) {
      CHECK(error.kind() == ExitCode::bad_input);
      return std::string(error.what());
    }
    return std::string();
  };
  const auto numbers = [&](const char* key, const Json& value) {
    return refused([&](TensorFile& contents) {
      for (auto& [name, text] : contents.metadata)
        if (name == "numbers") {
          Json json = parse_json(text, "numbers");
          json[key] = value;
          text = json.dump();
        }
    });
  };
  const auto says = [](const std::string& error, const std::string& text) {
    return error.find(text) != std::string::npos;
  };
  CHECK(says(numbers("step", -1), "\"step\" of the checkpoint is -1, not a count"));
  CHECK(says(numbers("step", std::int64_t{1} << 31), "not a count"));
  CHECK(says(numbers("stage", 0.5), "not a count"));
  CHECK(says(numbers("best_error", "low"), "not a number"));
  CHECK(says(numbers("ended", 1), "not true or false"));
  CHECK(says(numbers("admm", Json::array()), "\"updates\" of the checkpoint is missing"));
  CHECK(says(refused([](TensorFile& t) { t.tensors.pop_back(); }), "the tensor weights.1 is missing"));
  CHECK(says(refused([](TensorFile& t) {
               for (auto& [key, text] : t.metadata)
                 if (key == "lists") text = "{\"weights\": 1e300}";
             }),
             "the list weights has 1e+300 tensors"));
  CHECK(says(refused([](TensorFile& t) { t.metadata.clear(); }), "is not a checkpoint of erngen train"));
}

TEST_CASE("a log that goes on forgets what came after the checkpoint") {
  const TestDirectory directory;
  TrainProgress p;
  p.stage = "dense";
  std::uint64_t kept = 0;
  {
    TrainLog log(directory / "log", 0);
    log.write(p);
    kept = log.bytes();
    log.write(p);
    CHECK_ERROR(TrainLog(directory / "log", 0), ExitCode::output, "another erngen writes it");
  }
  p.stage = "admm";
  TrainLog(directory / "log", kept).write(p);
  std::ifstream in(directory / "log");
  std::string first, second, third;
  std::getline(in, first);
  std::getline(in, second);
  CHECK(first.find("dense") != std::string::npos);
  CHECK(second.find("admm") != std::string::npos);
  CHECK(!std::getline(in, third));
}

TEST_CASE("numpy's archives are read, stored and deflated") {
  const std::filesystem::path fixtures = TRAIN_FIXTURES;
  for (const char* name : {"stored.npz", "deflated.npz"}) {
    const auto arrays = read_npz(fixtures / name);
    REQUIRE(arrays.size() == 3);
    CHECK(arrays.at("features").shape == std::vector<int>{4, 6, 3});
    for (size_t n = 0; n < 72; ++n) CHECK(arrays.at("features").values[n] == static_cast<float>(n) / 8);
    CHECK(arrays.at("lengths").values == std::vector<float>{6, 4, 5, 2});
  }
  const TestDirectory directory;
  std::ofstream(directory / "text.npz") << "not an archive";
  CHECK_ERROR(read_npz(directory / "text.npz"), ExitCode::bad_input, "text.npz");
  CHECK_ERROR(read_npz(directory / "none.npz"), ExitCode::bad_input, "none.npz");
  std::filesystem::copy_file(fixtures / "stored.npz", directory / "cut.npz");
  std::filesystem::resize_file(directory / "cut.npz", 400);
  CHECK_ERROR(read_npz(directory / "cut.npz"), ExitCode::bad_input, "cut.npz");
}

TEST_CASE("a finite data set shows every example once an epoch") {
  TrainOptions o;
  o.data.kind = DataKind::npz;
  o.data.path = std::filesystem::path(TRAIN_FIXTURES) / "stored.npz";
  o.data.validation = std::filesystem::path(TRAIN_FIXTURES) / "deflated.npz";
  o.batch = 3;
  const auto data = open_training_data(o, nullptr);
  CHECK(data->inputs() == 3);
  CHECK(data->labels().size() == 4);
  CHECK(data->epoch_batches() == 2);
  CHECK(data->validation().size() == 4);
  CHECK(data->validation()[2].labels == std::vector<int>{1, 1});
  std::set<std::vector<float>> orders;
  for (int epoch = 0; epoch < 8; ++epoch) {
    std::multiset<std::int64_t> lengths;
    std::vector<float> order;
    for (const Batch& b : data->pool(epoch)) {
      check_batch(b);
      lengths.insert(b.lengths.begin(), b.lengths.end());
      order.insert(order.end(), b.features.begin(), b.features.end());
    }
    CHECK(lengths == std::multiset<std::int64_t>{6, 4, 5, 2});
    orders.insert(order);
  }
  CHECK(orders.size() > 1);

  o.loss = Loss::frames;
  CHECK_ERROR(open_training_data(o, nullptr), ExitCode::bad_input, "3 labels a sequence for 6 frames");
  o.data.path = o.data.validation = std::filesystem::path(TRAIN_FIXTURES) / "frames.npz";
  const auto frames = open_training_data(o, nullptr);
  CHECK(frames->labels().size() == 5);
  CHECK(frames->validation()[2].targets == std::vector<std::int64_t>{3, 3, no_target, 3, 0});
}

TEST_CASE("an utterance shorter than its labels is refused by name") {
  TrainOptions o;
  o.data.kind = DataKind::npz;
  o.data.path = std::filesystem::path(TRAIN_FIXTURES) / "short.npz";
  CHECK_ERROR(open_training_data(o, nullptr), ExitCode::bad_input, "sequence 1: 2 frames are fewer than the 3");
}

TEST_CASE("archives whose labels do not fit are refused by name") {
  TrainOptions o;
  o.data.kind = DataKind::npz;
  const auto refused = [&](const char* training, const char* validation, const char* text) {
    o.data.path = std::filesystem::path(TRAIN_FIXTURES) / training;
    o.data.validation = *validation ? std::filesystem::path(TRAIN_FIXTURES) / validation : std::filesystem::path();
    CHECK_ERROR(open_training_data(o, nullptr), ExitCode::bad_input, text);
  };
  refused("unlabelled.npz", "", "has no array \"labels\"");
  refused("silent.npz", "", "sequence 1: has no labels");
  refused("beyond.npz", "", "a label is 3, but \"classes\" is 3");
  refused("two.npz", "stored.npz", "has 4 classes, the training data 2");
  refused("nan.npz", "", "nan.npz");
}

TEST_CASE("TIMIT's tree is read, folded and divided by its speakers") {
  const TestTimit timit;
  TrainOptions o;
  o.data.kind = DataKind::timit;
  o.data.path = timit.path();
  o.frontend.sample_rate = 16000;
  o.frontend.fft_size = 512;
  for (int phones : {61, 48, 39}) {
    o.data.timit_phones = phones;
    const auto data = open_training_data(o, nullptr);
    CHECK(data->labels().size() == static_cast<size_t>(phones) + 1);
    CHECK(data->validation().size() == 1);  // one development speaker, one sentence that is not SA
    const Example& e = data->validation()[0];
    std::vector<std::string> said;
    for (int c : e.labels) said.push_back(data->labels()[static_cast<size_t>(c)]);
    if (phones == 61) CHECK(said == std::vector<std::string>{"h#", "sh", "ix", "tcl", "t", "q", "h#"});
    if (phones == 48) CHECK(said == std::vector<std::string>{"sil", "sh", "ix", "cl", "t", "sil"});
    if (phones == 39) CHECK(said == std::vector<std::string>{"sil", "sh", "ih", "sil", "t", "sil"});
    const int t_class = e.labels[phones == 61 ? 4 : 4];
    CHECK(e.targets[static_cast<size_t>(e.features.shape[0]) / 2] != no_target);
    CHECK(data->scored_class(t_class) != 0);
    if (phones == 61) CHECK(data->scored_class(e.labels[5]) == 0);                                // q is not scored
    if (phones == 48) CHECK(data->scored_class(e.labels[0]) == data->scored_class(e.labels[3]));  // sil and cl
  }
  // The papers' 153 features: 51 mel bands with two orders of differences.
  o.frontend.kind = FeatureKind::logmel;
  o.frontend.mel_bands = 51;
  o.frontend.high_hz = 8000;
  o.data.timit_phones = 48;
  CHECK(open_training_data(o, nullptr)->inputs() == 153);
}

TEST_CASE("damaged TIMIT trees are refused by name") {
  TrainOptions o;
  o.data.kind = DataKind::timit;
  o.frontend.sample_rate = 16000;
  o.frontend.fft_size = 512;
  const auto refused = [&](const char* labels, const char* text) {
    const TestTimit timit;
    o.data.path = timit.path();
    timit.write_labels("TRAIN/DR1/FCJF0/SX37.PHN", labels);
    CHECK_ERROR(open_training_data(o, nullptr), ExitCode::bad_input, text);
  };
  refused("0 8000 h#\n7000 16000 sh\n", "overlap");
  refused("0 8000 h#\n8000 8000 sh\n", "no length");
  refused("0 8000 h#\n8000 16000 zz\n", "not one of TIMIT's 61");
  refused("0 8000\n", "is not BEGIN END PHONE");
  refused("", "holds no labels");
  refused("0 8000 h#\n8000 160000 sh\n", "ends at sample 160000");
  {
    const TestTimit timit;
    o.data.path = timit.path();
    std::filesystem::remove(timit.path() / "TRAIN/DR1/FCJF0/SX37.PHN");
    CHECK_ERROR(open_training_data(o, nullptr), ExitCode::bad_input, "has no labels");
    o.data.path = timit.path() / "TRAIN";
    CHECK_ERROR(open_training_data(o, nullptr), ExitCode::bad_input, "has no directory TRAIN");
  }
  const TestTimit timit;
  o.data.path = timit.path();
  o.frontend.sample_rate = 8000;
  CHECK_ERROR(open_training_data(o, nullptr), ExitCode::bad_input, "16000 Hz");
}
