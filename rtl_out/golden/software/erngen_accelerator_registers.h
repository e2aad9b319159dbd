/* Registers of erngen_accelerator, made by erngen 0.2.0; what they do: docs/reference/registers.md of erngen. */
#ifndef ERNGEN_ACCELERATOR_REGISTERS_H
#define ERNGEN_ACCELERATOR_REGISTERS_H

/* Byte addresses of 32-bit words. */
#define ERNGEN_ACCELERATOR_VERSION                   0x000u /* read */
#define ERNGEN_ACCELERATOR_CONFIGURATION             0x004u /* read */
#define ERNGEN_ACCELERATOR_STATUS                    0x008u /* read, write */
#define ERNGEN_ACCELERATOR_CONTROL                   0x00cu /* read, write */
#define ERNGEN_ACCELERATOR_CYCLES                    0x010u /* read */
#define ERNGEN_ACCELERATOR_CYCLES_HIGH               0x014u /* read */
#define ERNGEN_ACCELERATOR_FRAMES                    0x018u /* read */
#define ERNGEN_ACCELERATOR_SHAPE                     0x01cu /* read */
#define ERNGEN_ACCELERATOR_STATE_CLEAR               0x020u /* read, write */
#define ERNGEN_ACCELERATOR_STATE_TILE                0x024u /* read, write */
#define ERNGEN_ACCELERATOR_STATE_ROW                 0x028u /* read, write */
#define ERNGEN_ACCELERATOR_STATE_FLAGS               0x02cu /* read, write */
#define ERNGEN_ACCELERATOR_STATE_COMMAND             0x030u /* write */
#define ERNGEN_ACCELERATOR_STATE_CLEAR_HIGH          0x034u /* read, write */
#define ERNGEN_ACCELERATOR_FRAMES_DROPPED            0x038u /* read */
#define ERNGEN_ACCELERATOR_WEIGHT_LANE               0x040u /* read, write */
#define ERNGEN_ACCELERATOR_WEIGHT_ROW                0x044u /* read, write */
#define ERNGEN_ACCELERATOR_WEIGHT_DATA               0x048u /* write */
#define ERNGEN_ACCELERATOR_WEIGHT_CRC                0x04cu /* read, write */
#define ERNGEN_ACCELERATOR_WEIGHT_WORDS              0x050u /* read */
#define ERNGEN_ACCELERATOR_WEIGHT_CHECK              0x054u /* write */
#define ERNGEN_ACCELERATOR_CONSTANT_WORDS            0x058u /* read */
#define ERNGEN_ACCELERATOR_INTERRUPT_ENABLE          0x060u /* read, write */
#define ERNGEN_ACCELERATOR_INTERRUPT_CAUSE           0x064u /* read, write */
#define ERNGEN_ACCELERATOR_INTERRUPT_STATUS          0x068u /* read */
#define ERNGEN_ACCELERATOR_INTERRUPT_FRAMES          0x06cu /* read, write */
#define ERNGEN_ACCELERATOR_SEQUENCE_FRAMES           0x070u /* read, write */
#define ERNGEN_ACCELERATOR_STREAM                    0x074u /* read, write */
#define ERNGEN_ACCELERATOR_STATE_UNIT                ERNGEN_ACCELERATOR_STATE_TILE /* its former name */
#define ERNGEN_ACCELERATOR_WINDOW(n)                 (0x400u + 4u * (n)) /* n < WORDS; read, write */

/* Bits. */
#define ERNGEN_ACCELERATOR_STATUS_BUSY               0x01u
#define ERNGEN_ACCELERATOR_STATUS_HALTED             0x02u
#define ERNGEN_ACCELERATOR_STATUS_ERROR_FRAME        0x04u
#define ERNGEN_ACCELERATOR_STATUS_ERROR_STREAM       0x08u
#define ERNGEN_ACCELERATOR_STATUS_ERROR_OVERFLOW     0x10u
#define ERNGEN_ACCELERATOR_STATUS_ERROR_QUEUE        0x20u
#define ERNGEN_ACCELERATOR_STATUS_ERROR_WEIGHTS      0x40u
#define ERNGEN_ACCELERATOR_CONTROL_HALT              0x01u
#define ERNGEN_ACCELERATOR_CONTROL_RESET             0x02u
#define ERNGEN_ACCELERATOR_CONTROL_KEEP              0x04u
#define ERNGEN_ACCELERATOR_CONTROL_COUNT_FRAMES      0x08u
#define ERNGEN_ACCELERATOR_INTERRUPT_CAUSE_SEQUENCE  0x01u
#define ERNGEN_ACCELERATOR_INTERRUPT_CAUSE_FRAMES    0x02u
#define ERNGEN_ACCELERATOR_INTERRUPT_CAUSE_ERROR     0x04u
#define ERNGEN_ACCELERATOR_STATE_COMMAND_WRITE       0x01u
#define ERNGEN_ACCELERATOR_STATE_COMMAND_CELL        0x02u
#define ERNGEN_ACCELERATOR_STATE_COMMAND_SPECTRUM    0x04u
#define ERNGEN_ACCELERATOR_STATE_COMMAND_STREAM(s)   ((s) << 8)

/* This design. */
#define ERNGEN_ACCELERATOR_CONFIGURATION_HASH        0x47b23901u /* CONFIGURATION reads so */
#define ERNGEN_ACCELERATOR_STREAMS                   1u
#define ERNGEN_ACCELERATOR_WORDS                     4u
#define ERNGEN_ACCELERATOR_ROWS                      4u
#define ERNGEN_ACCELERATOR_COLUMNS                   1u
#define ERNGEN_ACCELERATOR_INPUT_SIZE                3u /* elements of a frame */
#define ERNGEN_ACCELERATOR_INPUT_WIDTH               8u
#define ERNGEN_ACCELERATOR_INPUT_FRACTION            7
#define ERNGEN_ACCELERATOR_INPUT_ELEMENT_BITS        16u
#define ERNGEN_ACCELERATOR_INPUT_BEAT_ELEMENTS       4u
#define ERNGEN_ACCELERATOR_OUTPUT_SIZE               2u /* elements of a frame */
#define ERNGEN_ACCELERATOR_OUTPUT_WIDTH              8u
#define ERNGEN_ACCELERATOR_OUTPUT_FRACTION           7
#define ERNGEN_ACCELERATOR_OUTPUT_ELEMENT_BITS       16u
#define ERNGEN_ACCELERATOR_OUTPUT_BEAT_ELEMENTS      4u

#endif
