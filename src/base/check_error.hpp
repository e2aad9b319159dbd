// For tests: an expression must throw Error of one class whose message holds a text.
#pragma once

#include <string>

#include <doctest/doctest.h>

#include "base/error.hpp"

#define CHECK_ERROR(expression, expected_code, text)                            \
  do {                                                                          \
    bool thrown = false;                                                        \
    try {                                                                       \
      (void)(expression);                                                       \
    } catch (const ::erngen::Error& error) {                                    \
      thrown = true;                                                            \
      const std::string message = error.what();                                 \
      INFO("message: ", message);                                               \
      CHECK(static_cast<int>(error.kind()) == static_cast<int>(expected_code)); \
      CHECK(message.find(text) != std::string::npos);                           \
    }                                                                           \
    CHECK_MESSAGE(thrown, #expression " threw nothing");                        \
  } while (false)
