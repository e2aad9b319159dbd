// The erngen library: a trained network becomes a simulated Verilog accelerator.
//
//   const erngen::Model model = erngen::Model::read("model.net");
//   const erngen::Frames x = erngen::read_frames("x.npy");
//   const erngen::QuantisedModel fixed = model.quantised(x);
//   const erngen::Accelerator accelerator = fixed.planned("xc7a100t", {.clock_mhz = 100});
//   accelerator.write("design");
//   const bool good = erngen::simulate("design", x).passed;
//
// Everything throws erngen::Error. Values are immutable and may be shared by threads.
#pragma once

#include "erngen/accelerator.hpp"
#include "erngen/builder.hpp"
#include "erngen/comparison.hpp"
#include "erngen/error.hpp"
#include "erngen/frames.hpp"
#include "erngen/model.hpp"
#include "erngen/quantised_model.hpp"
#include "erngen/simulation.hpp"
