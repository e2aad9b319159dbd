# erngen_accelerator as a component of Platform Designer, made by erngen. Untested on Quartus, see erngen_accelerator.tcl. Add its directory to the IP search path.
package require qsys

# design: begin
set top erngen_accelerator
set version 0.1
set ports {
  {s_axis tdata 32 input}
}
# design: end
set here [file dirname [file normalize [info script]]]
set design [file dirname $here]

set_module_property NAME $top
set_module_property VERSION $version
set_module_property DISPLAY_NAME $top
set_module_property DESCRIPTION "Recurrent network, made by erngen"
set_module_property GROUP erngen
set_module_property EDITABLE false

add_parameter IMAGE_DIR STRING $design/images "Directory of the memory images"
set_parameter_property IMAGE_DIR HDL_PARAMETER true

foreach {fileset kind} {synthesis QUARTUS_SYNTH simulation SIM_VERILOG} {
  add_fileset $fileset $kind ""
  set_fileset_property $fileset TOP_LEVEL $top
  set list [open $design/rtl/files.f]
  foreach file [split [string trim [read $list]] "\n"] { add_fileset_file [file tail $file] VERILOG PATH $design/$file }
  close $list
}

add_interface clock clock end
add_interface_port clock aclk clk Input 1
add_interface reset reset end
set_interface_property reset associatedClock clock
set_interface_property reset synchronousEdges BOTH
add_interface_port reset aresetn reset_n Input 1
foreach {name type direction} {s_axi axi4lite end s_axis axi4stream end m_axis axi4stream start} {
  add_interface $name $type $direction
  set_interface_property $name associatedClock clock
  set_interface_property $name associatedReset reset
}
foreach port $ports {
  lassign $port interface role width direction
  add_interface_port $interface ${interface}_$role $role $direction $width
}
add_interface irq interrupt end
set_interface_property irq associatedClock clock
set_interface_property irq associatedReset reset
set_interface_property irq associatedAddressablePoint s_axi
add_interface_port irq irq irq Output 1
