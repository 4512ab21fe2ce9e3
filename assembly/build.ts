// Builds the AssemblyScript kernels.
