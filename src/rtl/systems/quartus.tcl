# A Quartus project of erngen_accelerator alone, for its size and clock, made by erngen; erngen_accelerator_hw.tcl beside it is its component for Platform
# Designer. Untested on Quartus: tests run both in a Tcl interpreter that checks commands and options.
#   quartus_sh -t DIR/quartus/erngen_accelerator.tcl [FAMILY DEVICE]      then   quartus_sh --flow compile erngen_accelerator
# design: begin
set top erngen_accelerator
set mhz 100
# design: end
set here [file dirname [file normalize [info script]]]
set design [file dirname $here]
set family "Cyclone V"
set device 5CSEBA6U23I7
if {[llength $quartus(args)] > 0} { lassign $quartus(args) family device }

package require ::quartus::project
project_new $top -overwrite
set_global_assignment -name FAMILY $family
set_global_assignment -name DEVICE $device
set_global_assignment -name TOP_LEVEL_ENTITY $top
set list [open $design/rtl/files.f]
foreach file [split [string trim [read $list]] "\n"] { set_global_assignment -name VERILOG_FILE $design/$file }
close $list
set_global_assignment -name VERILOG_INPUT_VERSION VERILOG_2001
# The templates write the sum of a product's factors for a pre-adder that other devices have.
set_global_assignment -name VERILOG_MACRO ERN_NO_PREADDER=1
set_parameter -name IMAGE_DIR $design/images
set_global_assignment -name SDC_FILE $here/$top.sdc
# More ports than pins: all but the clock are virtual.
set_instance_assignment -name VIRTUAL_PIN ON -to *
set_instance_assignment -name VIRTUAL_PIN OFF -to aclk
export_assignments
project_close
puts "$top: project for $device at $mhz MHz"
