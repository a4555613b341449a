namespace AssetCompute.Emulator;

/// <summary>Specifies the operation of an endpoint for the call log and the faults. Without an operation, as for the page, calls are not recorded.</summary>
internal sealed record OperationMetadata(EmulatorOperation? Operation)
{
    public static OperationMetadata Unrecorded { get; } = new((EmulatorOperation?)null);
}
