/* erngen_accelerator for the driver in erngen.h. Made by erngen 0.2.0. */
#ifndef ERNGEN_DESIGN_erngen_accelerator
#define ERNGEN_DESIGN_erngen_accelerator

#include "erngen.h"

#ifdef __cplusplus
extern "C" {
#endif

extern const erngen_design erngen_accelerator_design;

#ifdef __cplusplus
}
#endif

#endif
