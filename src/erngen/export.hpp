// What the shared library shows; all else in it is hidden.
#pragma once

#define ERNGEN_API __attribute__((visibility("default")))
