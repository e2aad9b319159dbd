# Stands in for Vivado in tests: runs a script in a real Tcl interpreter, with Vivado's commands replaced by checks of their
# arguments. Every file named must exist, every option must be one that the command has (UG835), and steps must come in order.
#   tclsh vivado.tcl -mode batch [-nojournal] [-nolog] [-notrace] -source SCRIPT       or -version
# ERN_STUB_REPORTS names a directory with utilization.rpt, timing.rpt and power.rpt, which the report commands copy; ERN_STUB_FAIL a
# command that fails as Vivado does.
set stage start

proc refuse {text} {
  puts "ERROR: \[Stub 1-1\] $text"
  exit 1
}

# Checks "args" against options with a value, options without, and the number of other arguments; returns those.
proc arguments {command given with without least most} {
  if {[info exists ::env(ERN_STUB_FAIL)] && $::env(ERN_STUB_FAIL) eq $command} {
    puts "ERROR: \[Place 30-99\] $command failed"
    exit 1
  }
  set others {}
  set chosen {}
  for {set n 0} {$n < [llength $given]} {incr n} {
    set word [lindex $given $n]
    if {[lsearch -exact $with $word] >= 0} {
      incr n
      if {$n >= [llength $given]} { refuse "$command: $word needs a value" }
      dict set chosen $word [lindex $given $n]
    } elseif {[lsearch -exact $without $word] >= 0} {
      dict set chosen $word 1
    } elseif {[string match -* $word]} {
      refuse "$command: unknown option $word"
    } else {
      lappend others $word
    }
  }
  set count [llength $others]
  if {$count < $least || $count > $most} { refuse "$command: $count arguments, needs $least to $most" }
  dict set chosen others $others
  return $chosen
}

proc must_exist {file} { if {![file isfile $file]} { refuse "file $file does not exist" } }
proc must_be_writable {file} { if {![file isdirectory [file dirname $file]]} { refuse "directory of $file does not exist" } }
proc after_stage {command allowed} { if {[lsearch -exact $allowed $::stage] < 0} { refuse "$command after $::stage" } }

proc read_verilog {args} {
  after_stage read_verilog {start}
  foreach file [dict get [arguments read_verilog $args {-library} {-sv -quiet} 1 1] others] {
    must_exist $file
    lappend ::sources $file
  }
}

proc read_xdc {args} {
  after_stage read_xdc {start}
  set given [arguments read_xdc $args {-mode -ref -cells} {-unmanaged -quiet} 1 1]
  if {[dict exists $given -mode] && [lsearch {default out_of_context} [dict get $given -mode]] < 0} { refuse "read_xdc: bad -mode" }
  must_exist [dict get $given others]
  lappend ::constraints [dict get $given others]
}

# Runs in the constraints, after synthesis.
proc create_clock {args} {
  set given [arguments create_clock $args {-name -period -waveform} {-add -quiet} 0 1]
  if {![string is double -strict [dict get $given -period]] || [dict get $given -period] <= 0} { refuse "create_clock: bad -period" }
  set ::period [dict get $given -period]
}
proc get_ports {name} {
  if {[lsearch -exact $::ports $name] < 0} { refuse "get_ports: no port $name in the top module" }
  return $name
}

proc synth_design {args} {
  after_stage synth_design {start}
  set given [arguments synth_design $args {-top -part -mode -flatten_hierarchy -directive -verilog_define -generic} {-quiet} 0 0]
  if {[dict get $given -mode] ne "out_of_context"} { refuse "synth_design: -mode [dict get $given -mode]" }
  if {[lsearch {none rebuilt full} [dict get $given -flatten_hierarchy]] < 0} { refuse "synth_design: bad -flatten_hierarchy" }
  if {![regexp {^xc[a-z0-9]+-?[a-z0-9-]+$} [dict get $given -part]]} { refuse "synth_design: bad -part" }
  # Every module that the top names must be among the files, and every memory image in the working directory.
  set ::ports {}
  set modules {}
  foreach file $::sources {
    set channel [open $file]
    set text [read $channel]
    close $channel
    foreach {all name} [regexp -all -inline {(?n)^module (\w+)} $text] { lappend modules $name }
    if {[regexp "(?n)^module [dict get $given -top]\\M" $text]} {
      foreach {all name} [regexp -all -inline {(?n)^ *(?:input|output) +wire +(?:\[[^]]*\] *)?(\w+)} $text] { lappend ::ports $name }
      foreach {all image} [regexp -all -inline {"(\w+\.hex)"} $text] { must_exist $image }
    }
  }
  if {[lsearch -exact $modules [dict get $given -top]] < 0} { refuse "synth_design: no module [dict get $given -top]" }
  if {![info exists ::constraints]} { refuse "synth_design: no constraints were read" }
  foreach file $::constraints { uplevel #0 [list source $file] }
  if {![info exists ::period]} { refuse "no clock is constrained" }
  set ::stage synthesised
}

foreach {command allowed next} {
  opt_design synthesised optimised
  place_design optimised placed
  phys_opt_design placed placed
  route_design placed routed
} {
  proc $command {args} "arguments $command \$args {-directive} {-quiet} 0 0; after_stage $command $allowed; set ::stage $next"
}

proc copy_report {command given name} {
  after_stage $command {synthesised routed}
  must_be_writable [dict get $given -file]
  file copy -force [file join $::env(ERN_STUB_REPORTS) $name] [dict get $given -file]
}
proc report_utilization {args} {
  copy_report report_utilization [arguments report_utilization $args {-file -cells} {-hierarchical -quiet} 0 0] utilization.rpt
}
proc report_timing_summary {args} {
  copy_report report_timing_summary [arguments report_timing_summary $args {-file -max_paths -delay_type} {-quiet} 0 0] timing.rpt
}
proc report_power {args} { copy_report report_power [arguments report_power $args {-file -hier} {-advisory -quiet} 0 0] power.rpt }
proc read_saif {args} {
  after_stage read_saif {synthesised routed}
  must_exist [dict get [arguments read_saif $args {-strip_path -out_file} {-quiet} 1 1] others]
}
proc write_checkpoint {args} {
  set file [dict get [arguments write_checkpoint $args {} {-force -quiet} 1 1] others]
  must_be_writable $file
  close [open $file w]
}

set script ""
for {set n 0} {$n < [llength $argv]} {incr n} {
  switch -- [lindex $argv $n] {
    -version { puts "vivado v[expr {[info exists env(ERN_STUB_VERSION)] ? $env(ERN_STUB_VERSION) : "2022.1"}] (64-bit)"; exit 0 }
    -mode { incr n; if {[lindex $argv $n] ne "batch"} { refuse "mode [lindex $argv $n]" } }
    -source { incr n; set script [lindex $argv $n] }
    -nojournal - -nolog - -notrace {}
    default { refuse "unknown option [lindex $argv $n]" }
  }
}
must_exist $script
if {[catch {source $script} message]} {
  puts "ERROR: $message"
  exit 1
}
if {$stage eq "start"} { refuse "nothing was synthesised" }
