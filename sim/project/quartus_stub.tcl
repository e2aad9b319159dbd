# Stands in for Quartus in tests: runs a project script (quartus_sh -t) or a component (_hw.tcl) in a real Tcl interpreter, with the commands replaced by
# checks. A component's ports are printed, a line each.
#   tclsh quartus_stub.tcl SCRIPT [ARGUMENT...]
proc refuse {text} { puts "Error: $text"; exit 1 }
rename package tcl_package
proc package {word name} { if {$word ne "require" || $name ni {::quartus::project qsys}} { refuse "package $word $name" } }
proc must_exist {file} { if {![file isfile $file]} { refuse "file $file does not exist" } }

set open 0
proc project_new {name option} { if {$option ne "-overwrite"} { refuse $option }; incr ::open }
proc set_global_assignment {dash name value} {
  if {!$::open || $dash ne "-name"} { refuse "set_global_assignment $dash" }
  if {$name in {VERILOG_FILE SDC_FILE}} { must_exist $value } elseif {$name ni {FAMILY DEVICE TOP_LEVEL_ENTITY VERILOG_INPUT_VERSION VERILOG_MACRO}} {
    refuse "unknown assignment $name" }
  lappend ::assigned $name
}
proc set_parameter {dash name value} { if {$name ne "IMAGE_DIR" || ![file isdirectory $value]} { refuse "parameter $name $value" } }
proc set_instance_assignment {a name value b to} { if {$name ne "VIRTUAL_PIN" || $value ni {ON OFF} || $b ne "-to"} { refuse "instance assignment $name" } }
proc export_assignments {} { foreach name {FAMILY DEVICE TOP_LEVEL_ENTITY VERILOG_FILE SDC_FILE} { if {$name ni $::assigned} { refuse "no $name" } } }
proc project_close {} { incr ::open -1; puts "project closed" }

set interfaces {}
proc set_module_property {name value} {
  if {$name ni {NAME VERSION DISPLAY_NAME DESCRIPTION GROUP EDITABLE}} { refuse "unknown module property $name" } }
proc add_parameter {name type default about} { if {$type ne "STRING" || ![file isdirectory $default]} { refuse "parameter $name" } }
proc set_parameter_property {name property value} { if {$property ne "HDL_PARAMETER"} { refuse "parameter property $property" } }
proc add_fileset {name kind callback} { if {$kind ni {QUARTUS_SYNTH SIM_VERILOG}} { refuse "fileset $kind" } }
proc set_fileset_property {name property value} { if {$property ne "TOP_LEVEL"} { refuse "fileset property $property" } }
proc add_fileset_file {name kind word path} { if {$kind ne "VERILOG" || $word ne "PATH"} { refuse "$kind $word" }; must_exist $path }
proc add_interface {name type direction} {
  if {$type ni {clock reset axi4lite axi4stream interrupt} || $direction ni {start end}} { refuse "interface $type $direction" }
  dict set ::interfaces $name $type
}
proc set_interface_property {name property value} {
  if {![dict exists $::interfaces $name]} { refuse "no interface $name" }
  if {$property ni {associatedClock associatedReset associatedAddressablePoint synchronousEdges}} { refuse "interface property $property" }
  if {$property ne "synchronousEdges" && ![dict exists $::interfaces $value]} { refuse "no interface $value" }
}
proc add_interface_port {interface port role direction width} {
  if {![dict exists $::interfaces $interface]} { refuse "no interface $interface" }
  if {$direction ni {Input Output}} { refuse "direction $direction" }
  puts "port $port [string tolower $direction] $width"
}
set script [lindex $argv 0]
set quartus(args) [lrange $argv 1 end]
source $script
