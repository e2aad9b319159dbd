// The extension module erngen._core: the library's classes on NumPy arrays; the package around it is Python.
//
// Frames cross as (values [frames, features] float32, lengths): erngen/_frames.py makes them of what users have.
#include <pybind11/functional.h>
#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>
#include <pybind11/stl/filesystem.h>

#include <cstring>

#include "erngen/builder.hpp"
#include "erngen/convert.hpp"
#include "erngen/erngen.hpp"

namespace py = pybind11;
using namespace erngen;

namespace {

using FloatArray = py::array_t<float, py::array::c_style | py::array::forcecast>;

Frames frames_of(const FloatArray& values, std::vector<int> lengths) {
  if (values.ndim() != 2) throw Error(ErrorKind::bad_input, "frames: an array [frames, features] is expected");
  const auto size = static_cast<size_t>(values.size());
  return {static_cast<int>(values.shape(1)), std::move(lengths), {values.data(), values.data() + size}};
}

/// [rows, columns], or [rows] for no columns.
FloatArray array_of(const std::vector<float>& values, size_t columns) {
  const size_t rows = columns ? values.size() / columns : values.size();
  FloatArray result(columns ? std::vector<size_t>{rows, columns} : std::vector<size_t>{rows});
  std::memcpy(result.mutable_data(), values.data(), values.size() * sizeof(float));
  return result;
}

FloatArray array_of(const Frames& y) { return array_of(y.values, static_cast<size_t>(y.features)); }

Matrix matrix_of(const FloatArray& a) {
  if (a.ndim() != 2) throw Error(ErrorKind::bad_input, "weights: an array [rows, columns] is expected");
  return {static_cast<int>(a.shape(0)), static_cast<int>(a.shape(1)), {a.data(), a.data() + a.size()}};
}

std::vector<float> vector_of(const std::optional<FloatArray>& a) {
  if (!a) return {};
  return {a->data(), a->data() + a->size()};
}

/// Ctrl-C ends what runs: Python's signal handlers get their turn every few calls.
template <class... Arguments>
auto interruptible() {
  return [count = 0](Arguments...) mutable {
    if (++count % 64 != 1) return;
    const py::gil_scoped_acquire python;
    if (PyErr_CheckSignals() != 0) throw py::error_already_set();
  };
}

/// The exception class that erngen/errors.py has for a kind; the message is the command's.
void raise(const Error& error) {
  const py::object make = py::module_::import("erngen.errors").attr("of_kind");
  const py::object exception = make(static_cast<int>(error.kind()), error.what());
  PyErr_SetObject(reinterpret_cast<PyObject*>(Py_TYPE(exception.ptr())), exception.ptr());
}

py::dict comparison_dict(const Comparison& c) {
  py::dict d;
  d["frames"] = c.frames;
  d["outputs"] = c.outputs;
  d["max_error"] = c.max_error;
  d["worst_frame"] = c.worst_frame;
  d["worst_output"] = c.worst_output;
  d["max_reference"] = c.max_reference;
  d["sqnr_db"] = c.sqnr_db;
  d["agreement"] = c.agreement;
  return d;
}

template <class ModelT>
FloatArray finished(const ModelT& model, const FloatArray& y, std::vector<int> lengths) {
  return array_of(model.finished(frames_of(y, std::move(lengths))));
}

using Blocks = std::vector<std::map<std::string, int>>;

std::vector<LayerBlocks> blocks_of(const Blocks& layers) {
  std::vector<LayerBlocks> blocks;
  for (const auto& layer : layers)
    blocks.push_back({layer.at("input"), layer.at("recurrent"), layer.at("projection"), layer.at("dense")});
  return blocks;
}

void bind_models(py::module_& m) {
  py::enum_<PlanningGoal>(m, "Goal")
      .value("rate", PlanningGoal::rate)
      .value("latency", PlanningGoal::latency)
      .value("knee", PlanningGoal::knee)
      .value("area", PlanningGoal::area);
  py::class_<Model>(m, "Model")
      .def_static(
          "open",
          [](const std::filesystem::path& file, std::vector<std::string> modules, std::vector<std::string> ignore) {
            const py::gil_scoped_release free;
            return Model::open(file, {std::move(modules), std::move(ignore), true});
          })
      .def_property_readonly("inputs", &Model::inputs)
      .def_property_readonly("outputs", &Model::outputs)
      .def_property_readonly("parameters", &Model::parameters)
      .def_property_readonly("last_frame_only", &Model::last_frame_only)
      .def("run",
           [](const Model& model, const FloatArray& x, std::vector<int> lengths) {
             const Frames frames = frames_of(x, std::move(lengths));
             Frames y;
             {
               const py::gil_scoped_release free;
               y = model.run(frames);
             }
             return array_of(y);
           })
      .def("finished", &finished<Model>)
      .def("compressed", [](const Model& model, const Blocks& layers) { return model.compressed(blocks_of(layers)); })
      .def("quantised",
           [](const Model& model, const FloatArray& x, std::vector<int> lengths, int weights, int activations) {
             const Frames calibration = frames_of(x, std::move(lengths));
             const py::gil_scoped_release free;
             return model.quantised(calibration, {.weights = weights, .activations = activations});
           })
      .def("write", &Model::write);

  py::class_<QuantisedModel>(m, "QuantisedModel")
      .def_static("read", &QuantisedModel::read)
      .def_property_readonly("inputs", &QuantisedModel::inputs)
      .def_property_readonly("outputs", &QuantisedModel::outputs)
      .def_property_readonly("input_format", &QuantisedModel::input_format)
      .def_property_readonly("output_format", &QuantisedModel::output_format)
      .def_property_readonly("last_frame_only", &QuantisedModel::last_frame_only)
      .def_property_readonly("report", &QuantisedModel::report)
      .def("run",
           [](const QuantisedModel& model, const FloatArray& x, std::vector<int> lengths) {
             const Frames frames = frames_of(x, std::move(lengths));
             Frames y;
             {
               const py::gil_scoped_release free;
               y = model.run(frames, interruptible<size_t, size_t>());
             }
             return array_of(y);
           })
      .def("finished", &finished<QuantisedModel>)
      .def("trace",
           [](const QuantisedModel& model, const FloatArray& x, std::vector<int> lengths) {
             const Frames frames = frames_of(x, std::move(lengths));
             py::dict signals;
             for (const auto& [name, values] : model.trace(frames))
               signals[py::str(name)] = array_of(values, values.size() / static_cast<size_t>(x.shape(0)));
             return signals;
           })
      .def("with_weights", &QuantisedModel::with_weights, py::call_guard<py::gil_scoped_release>())
      .def("reported",
           [](const QuantisedModel& quantised, const Model& model, const FloatArray& x, std::vector<int> lengths) {
             const Frames frames = frames_of(x, std::move(lengths));
             const py::gil_scoped_release free;
             return quantised.reported(model, frames);
           })
      .def("planned",
           [](const QuantisedModel& model, const std::string& device, double clock, int streams,
              std::optional<PlanningGoal> goal, std::optional<int> max_dsp, std::optional<double> min_rate,
              std::optional<double> max_latency, std::optional<bool> overlap) {
             const py::gil_scoped_release free;
             return model.planned(device, {clock, streams, goal, max_dsp, min_rate, max_latency, overlap});
           })
      .def(
          "stream", [](const QuantisedModel& model) { return QuantisedModel::Stream(model); }, py::keep_alive<0, 1>())
      .def("write", &QuantisedModel::write);

  py::class_<QuantisedModel::Stream>(m, "Stream")
      .def("step",
           [](QuantisedModel::Stream& stream, const FloatArray& x, int inputs, int outputs) {
             if (x.ndim() != 1 || x.size() != inputs)
               throw Error(ErrorKind::bad_input, "frame: an array [" + std::to_string(inputs) + "] is expected");
             FloatArray y(static_cast<size_t>(outputs));
             stream.step({x.data(), static_cast<size_t>(inputs)}, {y.mutable_data(), static_cast<size_t>(outputs)});
             return y;
           })
      .def("reset", &QuantisedModel::Stream::reset);
}

void bind_designs(py::module_& m) {
  py::class_<Accelerator>(m, "Accelerator")
      .def_property_readonly("report", &Accelerator::report)
      .def("write", &Accelerator::write, py::call_guard<py::gil_scoped_release>());

  m.def("compare", [](const FloatArray& y, const FloatArray& reference) {
    const std::vector<int> rows{static_cast<int>(y.shape(0))}, others{static_cast<int>(reference.shape(0))};
    return comparison_dict(compare_frames(frames_of(y, rows), frames_of(reference, others)));
  });
  m.def("device_names", &device_names);
  m.def("simulate", [](const std::filesystem::path& directory, const FloatArray& x, std::vector<int> lengths,
                       bool icarus, std::optional<std::uint64_t> stalls, const std::filesystem::path& waves) {
    const Frames frames = frames_of(x, std::move(lengths));
    SimulationOptions options;
    options.icarus = icarus;
    options.stalls = stalls;
    options.waves = waves;
    options.progress = interruptible<const std::string&, std::int64_t, std::int64_t>();
    Simulation s;
    {
      const py::gil_scoped_release free;
      s = simulate(directory, frames, options);
    }
    return py::make_tuple(array_of(s.outputs), s.report, s.passed);
  });
}

using Function = std::tuple<std::string, float, float>;

ActivationFunction function_of(const Function& f) { return {std::get<0>(f), std::get<1>(f), std::get<2>(f)}; }

void bind_builder(py::module_& m) {
  using OptionalArray = std::optional<FloatArray>;
  using Inputs = std::vector<int>;
  py::class_<ModelBuilder>(m, "ModelBuilder")
      .def(py::init<int>())
      .def("lstm",
           [](ModelBuilder& b, const Inputs& inputs, const std::string& name, const FloatArray& input,
              const FloatArray& recurrent, const OptionalArray& bias, const OptionalArray& projection,
              const OptionalArray& initial_hidden, const OptionalArray& initial_cell) {
             return b.lstm(
                 {matrix_of(input), matrix_of(recurrent), vector_of(bias),
                  projection ? matrix_of(*projection) : Matrix{}, vector_of(initial_hidden), vector_of(initial_cell)},
                 inputs, name);
           })
      .def("gru",
           [](ModelBuilder& b, const Inputs& inputs, const std::string& name, const FloatArray& input,
              const FloatArray& recurrent, const OptionalArray& bias, const OptionalArray& bias_hn,
              const OptionalArray& initial_hidden) {
             return b.gru({matrix_of(input), matrix_of(recurrent), vector_of(bias), vector_of(bias_hn), false,
                           vector_of(initial_hidden)},
                          inputs, name);
           })
      .def("rnn",
           [](ModelBuilder& b, const Inputs& inputs, const std::string& name, const FloatArray& input,
              const FloatArray& recurrent, const OptionalArray& bias, const Function& f,
              const OptionalArray& initial_hidden) {
             return b.rnn(
                 {matrix_of(input), matrix_of(recurrent), vector_of(bias), function_of(f), vector_of(initial_hidden)},
                 inputs, name);
           })
      .def("dense",
           [](ModelBuilder& b, const Inputs& inputs, const std::string& name, const FloatArray& weights,
              const OptionalArray& bias, const Function& f) {
             return b.dense({matrix_of(weights), vector_of(bias), function_of(f)}, inputs, name);
           })
      .def("add", [](ModelBuilder& b, const Inputs& inputs, const std::string& name,
                     const Function& f) { return b.add(inputs, function_of(f), name); })
      .def("run_backward", &ModelBuilder::run_backward)
      .def("flip", &ModelBuilder::flip)
      .def("first_frame", &ModelBuilder::first_frame)
      .def("model", [](const ModelBuilder& b, const Inputs& outputs, bool last_frame_only, const std::string& cut,
                       const Blocks& blocks) { return b.model(outputs, last_frame_only, cut, blocks_of(blocks)); });
}

}  // namespace

PYBIND11_MODULE(_core, m) {
// pybind11 2.12 is the first that knows the arrays of NumPy 2; older ones read their strides wrongly.
#if PYBIND11_VERSION_HEX < 0x020C0000
  if (py::module_::import("numpy").attr("__version__").cast<std::string>()[0] != '1')
    throw py::import_error("erngen was built with a pybind11 that knows NumPy 1 only: build it with 2.12 or newer");
#endif
  m.attr("version") = ERNGEN_VERSION;
  py::register_exception_translator([](std::exception_ptr thrown) {
    try {
      if (thrown) std::rethrow_exception(thrown);
    } catch (const Error& error) {
      raise(error);
    }
  });
  bind_models(m);
  bind_designs(m);
  bind_builder(m);
}
