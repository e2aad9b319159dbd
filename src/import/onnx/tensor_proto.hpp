// TensorProto: the tensors of an ONNX file.
#pragma once

#include <onnx/onnx_pb.h>

#include "import/onnx/constant.hpp"
#include "import/onnx/external_data.hpp"

namespace erngen::onnx {

/// Whether the type holds numbers that a Constant can hold: not strings, complex numbers, numbers of 8 bits or less in
/// floating point.
bool is_number(int data_type);

/// Whether it holds real numbers.
bool is_real(int data_type);

/// "float", "string", ...
std::string data_type_name(int data_type);

/// The values: f16, bf16 and f64 become float, whole numbers and booleans 64-bit. Throws Error(bad_input) for a shape
/// that does not fit the data. required: is_number() of its type.
Constant constant(const ::onnx::TensorProto& tensor, ExternalData& external);

}  // namespace erngen::onnx
