#if !NETSTANDARD2_0
// A library that was compiled against the .NET Standard build refers to this type in every "init" accessor, and may run with this build.
[assembly: System.Runtime.CompilerServices.TypeForwardedTo(typeof(System.Runtime.CompilerServices.IsExternalInit))]
#endif
