# Stands in for Vivado's block designs in tests: runs a script in a real Tcl interpreter, with Vivado's commands replaced by checks.
#   tclsh vivado_stub.tcl SCRIPT [ARGUMENT...]
# It knows the pins and the properties of the cores used (PG021, PG164, PG247, DS190 and DS891 of AMD), reads those of the user's from component.xml,
# and refuses an unknown one, a pin that is connected twice or not at all, a master to a master, streams of different widths, and addresses that overlap.
proc refuse {text} { puts "ERROR: \[Stub 1-1\] $text"; exit 1 }

# Of each core: pins {name direction}, interfaces {name mode}, properties, address segments and spaces.
set cores {
  xilinx.com:ip:processing_system7 {
    pins {FCLK_CLK0 O FCLK_RESET0_N O M_AXI_GP0_ACLK I S_AXI_HP0_ACLK I IRQ_F2P I}
    interfaces {DDR External FIXED_IO External M_AXI_GP0 Master S_AXI_HP0 Slave}
    properties {PCW_USE_M_AXI_GP0 PCW_USE_S_AXI_HP0 PCW_S_AXI_HP0_DATA_WIDTH PCW_EN_CLK0_PORT PCW_FPGA0_PERIPHERAL_FREQMHZ PCW_USE_FABRIC_INTERRUPT
      PCW_IRQ_F2P_INTR}
    needs {PCW_USE_M_AXI_GP0 1 PCW_USE_S_AXI_HP0 1 PCW_USE_FABRIC_INTERRUPT 1 PCW_IRQ_F2P_INTR 1}
    segments {S_AXI_HP0/HP0_DDR_LOWOCM} spaces {Data}
  }
  xilinx.com:ip:zynq_ultra_ps_e {
    pins {pl_clk0 O pl_resetn0 O maxihpm0_fpd_aclk I saxihp0_fpd_aclk I pl_ps_irq0 I}
    interfaces {M_AXI_HPM0_FPD Master S_AXI_HP0_FPD Slave}
    properties {PSU__USE__M_AXI_GP0 PSU__USE__M_AXI_GP1 PSU__USE__M_AXI_GP2 PSU__USE__S_AXI_GP2 PSU__FPGA_PL0_ENABLE
      PSU__CRL_APB__PL0_REF_CTRL__FREQMHZ PSU__USE__IRQ0}
    needs {PSU__USE__M_AXI_GP0 1 PSU__USE__M_AXI_GP2 0 PSU__USE__S_AXI_GP2 1 PSU__FPGA_PL0_ENABLE 1 PSU__USE__IRQ0 1}
    segments {SAXIGP2/HP0_DDR_LOW} spaces {Data}
  }
  xilinx.com:ip:axi_dma {
    pins {s_axi_lite_aclk I m_axi_mm2s_aclk I m_axi_s2mm_aclk I axi_resetn I mm2s_introut O s2mm_introut O}
    interfaces {S_AXI_LITE Slave M_AXI_MM2S Master M_AXI_S2MM Master M_AXIS_MM2S Master S_AXIS_S2MM Slave}
    properties {c_include_sg c_sg_include_stscntrl_strm c_sg_length_width c_include_mm2s c_include_s2mm c_m_axi_mm2s_data_width
      c_m_axis_mm2s_tdata_width}
    needs {c_include_sg 0 c_include_mm2s 1 c_include_s2mm 1}
    segments {S_AXI_LITE/Reg} spaces {Data_MM2S Data_S2MM}
  }
  xilinx.com:ip:proc_sys_reset {pins {slowest_sync_clk I ext_reset_in I peripheral_aresetn O} interfaces {} properties {} needs {} segments {} spaces {}}
  xilinx.com:ip:smartconnect {pins {aclk I aresetn I} interfaces {} properties {NUM_SI NUM_MI} needs {} segments {} spaces {}}
  xilinx.com:ip:xlconcat {pins {dout O} interfaces {} properties {NUM_PORTS} needs {} segments {} spaces {}}
}
array set known_pin {}; array set interface {}; array set property {}; array set kind {}; array set joined {}; array set mapped {}
set segments {}; set spaces {}; set stage start; set repository ""

proc options {command given with without} {
  set chosen {}; set others {}
  for {set n 0} {$n < [llength $given]} {incr n} {
    set word [lindex $given $n]
    if {$word in $with} {
      incr n
      if {$n >= [llength $given]} { refuse "$command: $word needs a value" }
      dict set chosen $word [lindex $given $n]
    } elseif {$word in $without} { dict set chosen $word 1
    } elseif {[string match -* $word]} { refuse "$command: unknown option $word"
    } else { lappend others $word }
  }
  dict set chosen others $others
  return $chosen
}
proc at_stage {command wanted} { if {$::stage ne $wanted} { refuse "$command after $::stage" } }
proc create_project {args} {
  at_stage create_project start
  set o [options create_project $args {-part} {-force}]
  if {[llength [dict get $o others]] != 2} { refuse "create_project: a name and a directory" }
  set ::stage project
}
proc current_project {} { return project }
proc current_fileset {} { return sources_1 }
proc update_ip_catalog {} { if {![file isfile $::repository/component.xml]} { refuse "no core in $::repository" } }
proc create_bd_design {name} { at_stage create_bd_design project; set ::stage design; set ::design $name }
proc component {} {
  set in [open $::repository/component.xml]; set xml [read $in]; close $in
  foreach {all name body} [regexp -all -inline {<spirit:busInterface>\s*?<spirit:name>(\w+)</spirit:name>(.*?)</spirit:busInterface>} $xml] {
    if {[string match "*aximm*" $body] || [string match "*\"axis\"*" $body]} {
      set ::interface(accelerator/$name) [expr {[string match "*<spirit:master*" $body] ? "Master" : "Slave"}]
    } else {
      set ::known_pin(accelerator/$name) [expr {[string match "*<spirit:master*" $body] ? "O" : "I"}]
    }
  }
  foreach {all name left} [regexp -all -inline {<spirit:name>([sm]_axis_tdata)</spirit:name>.*?<spirit:left>(\d+)</spirit:left>} $xml] {
    set ::width($name) [expr {$left + 1}]
  }
  lappend ::segments accelerator/s_axi/registers
  regexp {<spirit:vendor>(.*?)</spirit:vendor>\s*<spirit:library>(.*?)</spirit:library>\s*<spirit:name>(.*?)</spirit:name>\s*<spirit:version>(.*?)</} $xml \
    all vendor library name version
  return $vendor:$library:$name:$version
}
proc create_bd_cell {args} {
  at_stage create_bd_cell design
  set o [options create_bd_cell $args {-type -vlnv} {}]
  set name [dict get $o others]; set vlnv [dict get $o -vlnv]
  if {[info exists ::kind($name)]} { refuse "cell $name exists" }
  set ::kind($name) $vlnv
  if {[dict exists $::cores $vlnv]} {
    set core [dict get $::cores $vlnv]
    foreach {p direction} [dict get $core pins] { set ::known_pin($name/$p) $direction }
    foreach {i mode} [dict get $core interfaces] { set ::interface($name/$i) $mode }
    foreach s [dict get $core segments] { lappend ::segments $name/$s }
    foreach s [dict get $core spaces] { lappend ::spaces $name/$s }
  } elseif {$name ne "accelerator" || $vlnv ne [component]} { refuse "there is no core $vlnv" }
  return $name
}
proc set_property {args} {
  if {[lindex $args 0] eq "-dict"} { lassign $args dash pairs object } else { lassign $args key value object; set pairs [list $key $value] }
  foreach {key value} $pairs {
    if {$object eq "project"} {
      if {$key ne "ip_repo_paths"} { refuse "unknown property $key" }
      set ::repository $value
    } elseif {[info exists ::kind($object)]} {
      set name [string range $key 7 end]
      if {![string match CONFIG.* $key] || $name ni [dict get $::cores $::kind($object) properties]} { refuse "$object has no property $key" }
      set ::property($object.$name) $value
      if {$name eq "NUM_SI"} { for {set n 0} {$n < $value} {incr n} { set ::interface($object/[format S%02d_AXI $n]) Slave } }
      if {$name eq "NUM_MI"} { for {set n 0} {$n < $value} {incr n} { set ::interface($object/[format M%02d_AXI $n]) Master } }
      if {$name eq "NUM_PORTS"} { for {set n 0} {$n < $value} {incr n} { set ::known_pin($object/In$n) I } }
    } elseif {!($key in {top USED_IN})} { refuse "unknown property $key of $object" }
  }
}
proc get_bd_pins {name} { if {![info exists ::known_pin($name)]} { refuse "there is no pin $name" }; return $name }
proc get_bd_intf_pins {name} { if {![info exists ::interface($name)]} { refuse "there is no interface $name" }; return $name }
proc get_bd_addr_spaces {name} { if {$name ni $::spaces} { refuse "there is no address space $name" }; return $name }
proc get_bd_addr_segs {name} { if {$name ni $::segments} { refuse "there is no address segment $name" }; return $name }
proc join_up {name} { if {[info exists ::joined($name)]} { refuse "$name is connected twice" }; set ::joined($name) 1 }
proc connect_bd_net {args} {
  set drivers 0
  foreach p $args {
    if {$::known_pin($p) eq "O"} { incr drivers }
    if {$::known_pin($p) eq "I" || ![info exists ::joined($p)]} { join_up $p }
  }
  if {$drivers != 1} { refuse "a net of $args has $drivers drivers" }
}
proc connect_bd_intf_net {from to} {
  if {$::interface($from) ne "Master" || $::interface($to) ne "Slave"} { refuse "$from to $to: not a master to a slave" }
  join_up $from; join_up $to
}
proc make_bd_intf_pins_external {name} { join_up $name }
proc assign_bd_address {args} {
  set o [options assign_bd_address $args {-offset -range -target_address_space} {}]
  set segment [dict get $o others]
  set ::mapped([dict get $o -target_address_space],$segment) 1
  if {[dict exists $o -offset]} {
    set at [dict get $o -offset]
    if {[dict get $o -range] ne "64K" || $at % 65536} { refuse "address $at" }
    if {[info exists ::taken($at)]} { refuse "$segment overlaps $::taken($at)" }
    set ::taken($at) $segment
  }
}
proc validate_bd_design {} {
  at_stage validate_bd_design design
  foreach name [lsort [concat [array names ::known_pin] [array names ::interface]]] { if {![info exists ::joined($name)]} { refuse "$name is not connected" } }
  foreach {cell vlnv} [array get ::kind] {
    if {![dict exists $::cores $vlnv]} continue
    foreach {name value} [dict get $::cores $vlnv needs] {
      if {![info exists ::property($cell.$name)] || $::property($cell.$name) ne $value} { refuse "$cell needs $name $value" }
    }
  }
  if {$::property(dma.c_m_axis_mm2s_tdata_width) != $::width(s_axis_tdata)} { refuse "the DMA's stream and s_axis have different widths" }
  if {$::property(dma.c_m_axi_mm2s_data_width) < $::width(s_axis_tdata)} { refuse "the DMA's memory side is narrower than its stream" }
  if {[llength [array names ::mapped]] != 4} { refuse "[llength [array names ::mapped]] segments are mapped" }
  set ::stage valid
}
proc save_bd_design {} { at_stage save_bd_design valid; set ::stage saved }
proc get_files {name} { return $name }
proc make_wrapper {args} { at_stage make_wrapper saved; options make_wrapper $args {-files} {-top}; return wrapper.v }
proc add_files {args} {
  set o [options add_files $args {-fileset} {-norecurse}]
  if {[dict get $o others] ne "wrapper.v" && ![file isfile [dict get $o others]]} { refuse "file [dict get $o others] does not exist" }
}
proc update_compile_order {args} { options update_compile_order $args {-fileset} {}; set ::stage done }
set script [lindex $argv 0]
set argv [lrange $argv 1 end]
source $script
if {$stage ne "done"} { refuse "the script ends after $stage" }
