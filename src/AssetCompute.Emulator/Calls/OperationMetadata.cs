namespace AssetCompute.Emulator;

/// <summary>Specifies the operation of an endpoint for the call log and the faults.</summary>
internal sealed record OperationMetadata(EmulatorOperation Operation);
