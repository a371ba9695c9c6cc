package mask

import "licensewatch/license"

// maskBindings masks which machines hang on orders: the orders' ids as the orders have them.
func (m *Masker) maskBindings(b *license.Bindings) *license.Bindings {
	masked := *b
	masked.List = make([]license.Binding, len(b.List))
	for i, binding := range b.List {
		binding.ResourceId = m.resources.maskPointer(binding.ResourceId)
		binding.LicenseId = m.licenses.maskPointer(binding.LicenseId)
		machines := make([]license.BoundMachine, len(binding.Machines))
		for j, machine := range binding.Machines {
			machine.MachineName = m.machines.maskPointer(machine.MachineName)
			machine.InstanceID = m.instances.maskPointer(machine.InstanceID)
			machine.MachineIp = m.addresses.maskPointer(machine.MachineIp)
			machine.Quuid = m.quuids.maskPointer(machine.Quuid)
			machine.AgentStatus = m.keepState(machine.AgentStatus, "ONLINE", "OFFLINE", "UNINSTALL", "UNINSTALLED")
			machine.InstanceState = m.keepState(machine.InstanceState, "RUNNING", "STOPPED", "EXPIRED")
			if machine.Tags != nil {
				tags := make([]string, len(machine.Tags))
				for k, tag := range machine.Tags {
					tags[k] = m.labels.standInFor(tag)
				}
				machine.Tags = tags
			}
			machines[j] = machine
		}
		if binding.Machines != nil {
			binding.Machines = machines
		}
		masked.List[i] = binding
	}
	return &masked
}
