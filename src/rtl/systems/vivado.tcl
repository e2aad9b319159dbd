# A block design with erngen_accelerator, an AXI DMA and the processing system of a Zynq-7000 or Zynq UltraScale+, made by erngen. Untested on Vivado:
# tests run it in a Tcl interpreter that checks commands and options.
#   vivado -mode batch -source DIR/vivado/erngen_accelerator.tcl [-tclargs PART [MHZ [PROJECT_DIRECTORY]]]
# A board's preset of the processing system (DDR, MIO) is the user's: apply_bd_automation with a board part, before the wrapper is made.
# design: begin
set top erngen_accelerator
set vlnv erngen:cores:erngen_accelerator:0.1
set part xc7z020clg400-1
set mhz 100
set input_bits 32
# design: end
set here [file dirname [file normalize [info script]]]
if {[llength $argv] > 0} { set part [lindex $argv 0] }
if {[llength $argv] > 1} { set mhz [lindex $argv 1] }
set project [expr {[llength $argv] > 2 ? [lindex $argv 2] : "$here/project"}]
if {[string match "xc7z*" $part]} {
  set processor zynq
} elseif {[string match "xczu*" $part] || [string match "xck2*" $part]} {
  set processor zynqmp
} else {
  puts "ERROR: $part has no processing system; give a Zynq-7000 or Zynq UltraScale+ part: -tclargs xc7z020clg400-1"
  exit 1
}

create_project -force -part $part $top $project
set_property ip_repo_paths [file dirname $here] [current_project]
update_ip_catalog
create_bd_design system

# --- cells
if {$processor eq "zynq"} {
  set ps [create_bd_cell -type ip -vlnv xilinx.com:ip:processing_system7 ps]
  set_property -dict [list CONFIG.PCW_USE_M_AXI_GP0 1 CONFIG.PCW_USE_S_AXI_HP0 1 CONFIG.PCW_S_AXI_HP0_DATA_WIDTH 64 CONFIG.PCW_EN_CLK0_PORT 1 \
    CONFIG.PCW_FPGA0_PERIPHERAL_FREQMHZ $mhz CONFIG.PCW_USE_FABRIC_INTERRUPT 1 CONFIG.PCW_IRQ_F2P_INTR 1] $ps
  set clock ps/FCLK_CLK0; set reset ps/FCLK_RESET0_N; set interrupt ps/IRQ_F2P
  set control ps/M_AXI_GP0; set control_clock ps/M_AXI_GP0_ACLK
  set memory ps/S_AXI_HP0; set memory_clock ps/S_AXI_HP0_ACLK; set memory_segment ps/S_AXI_HP0/HP0_DDR_LOWOCM
  set addresses {0x43C00000 0x40400000}
  set processor_space ps/Data
  make_bd_intf_pins_external [get_bd_intf_pins ps/DDR]
  make_bd_intf_pins_external [get_bd_intf_pins ps/FIXED_IO]
} else {
  set ps [create_bd_cell -type ip -vlnv xilinx.com:ip:zynq_ultra_ps_e ps]
  set_property -dict [list CONFIG.PSU__USE__M_AXI_GP0 1 CONFIG.PSU__USE__M_AXI_GP1 0 CONFIG.PSU__USE__M_AXI_GP2 0 CONFIG.PSU__USE__S_AXI_GP2 1 \
    CONFIG.PSU__FPGA_PL0_ENABLE 1 CONFIG.PSU__CRL_APB__PL0_REF_CTRL__FREQMHZ $mhz CONFIG.PSU__USE__IRQ0 1] $ps
  set clock ps/pl_clk0; set reset ps/pl_resetn0; set interrupt ps/pl_ps_irq0
  set control ps/M_AXI_HPM0_FPD; set control_clock ps/maxihpm0_fpd_aclk
  set memory ps/S_AXI_HP0_FPD; set memory_clock ps/saxihp0_fpd_aclk; set memory_segment ps/SAXIGP2/HP0_DDR_LOW
  set addresses {0xA0000000 0xA0010000}
  set processor_space ps/Data
}
create_bd_cell -type ip -vlnv $vlnv accelerator
set dma [create_bd_cell -type ip -vlnv xilinx.com:ip:axi_dma dma]
# Simple mode, both directions; transfers of up to 64 MiB.
set_property -dict [list CONFIG.c_include_sg 0 CONFIG.c_sg_include_stscntrl_strm 0 CONFIG.c_sg_length_width 26 CONFIG.c_include_mm2s 1 CONFIG.c_include_s2mm 1 \
  CONFIG.c_m_axi_mm2s_data_width [expr {$input_bits < 64 ? 64 : $input_bits}] CONFIG.c_m_axis_mm2s_tdata_width $input_bits] $dma
create_bd_cell -type ip -vlnv xilinx.com:ip:proc_sys_reset resets
set control_net [create_bd_cell -type ip -vlnv xilinx.com:ip:smartconnect control_net]
set_property -dict {CONFIG.NUM_SI 1 CONFIG.NUM_MI 2} $control_net
set memory_net [create_bd_cell -type ip -vlnv xilinx.com:ip:smartconnect memory_net]
set_property -dict {CONFIG.NUM_SI 2 CONFIG.NUM_MI 1} $memory_net
set interrupts [create_bd_cell -type ip -vlnv xilinx.com:ip:xlconcat interrupts]
set_property CONFIG.NUM_PORTS 3 $interrupts

# --- clock and reset
connect_bd_net [get_bd_pins $clock] [get_bd_pins $control_clock] [get_bd_pins $memory_clock] [get_bd_pins accelerator/aclk] \
  [get_bd_pins dma/s_axi_lite_aclk] [get_bd_pins dma/m_axi_mm2s_aclk] [get_bd_pins dma/m_axi_s2mm_aclk] [get_bd_pins resets/slowest_sync_clk] \
  [get_bd_pins control_net/aclk] [get_bd_pins memory_net/aclk]
connect_bd_net [get_bd_pins $reset] [get_bd_pins resets/ext_reset_in]
connect_bd_net [get_bd_pins resets/peripheral_aresetn] [get_bd_pins accelerator/aresetn] [get_bd_pins dma/axi_resetn] \
  [get_bd_pins control_net/aresetn] [get_bd_pins memory_net/aresetn]

# --- registers, memory, streams, interrupts
foreach {from to} [list $control control_net/S00_AXI control_net/M00_AXI accelerator/s_axi control_net/M01_AXI dma/S_AXI_LITE \
    dma/M_AXI_MM2S memory_net/S00_AXI dma/M_AXI_S2MM memory_net/S01_AXI memory_net/M00_AXI $memory \
    dma/M_AXIS_MM2S accelerator/s_axis accelerator/m_axis dma/S_AXIS_S2MM] {
  connect_bd_intf_net [get_bd_intf_pins $from] [get_bd_intf_pins $to]
}
set number 0
foreach pin {accelerator/irq dma/mm2s_introut dma/s2mm_introut} {
  connect_bd_net [get_bd_pins $pin] [get_bd_pins interrupts/In$number]
  incr number
}
connect_bd_net [get_bd_pins interrupts/dout] [get_bd_pins $interrupt]

# --- the address map
foreach segment {accelerator/s_axi/registers dma/S_AXI_LITE/Reg} address $addresses {
  assign_bd_address -offset $address -range 64K -target_address_space [get_bd_addr_spaces $processor_space] [get_bd_addr_segs $segment]
  puts "address of $segment: $address, 64 KiB"
}
foreach space {dma/Data_MM2S dma/Data_S2MM} {
  assign_bd_address -target_address_space [get_bd_addr_spaces $space] [get_bd_addr_segs $memory_segment]
}

validate_bd_design
save_bd_design
set file [make_wrapper -files [get_files system.bd] -top]
add_files -norecurse $file
# The processing system constrains its clock; this says what is true of the accelerator by itself.
add_files -fileset constrs_1 -norecurse $here/$top.xdc
set_property USED_IN {synthesis implementation out_of_context} [get_files $here/$top.xdc]
set_property top system_wrapper [current_fileset]
update_compile_order -fileset sources_1
puts "$top: block design system in $project; launch_runs impl_1 -to_step write_bitstream makes its bitstream"
