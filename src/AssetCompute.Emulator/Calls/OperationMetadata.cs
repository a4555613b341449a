namespace AssetCompute.Emulator;

/// <summary>Tells the call log and the faults what an endpoint is for.</summary>
internal sealed record OperationMetadata(EmulatorOperation Operation);
