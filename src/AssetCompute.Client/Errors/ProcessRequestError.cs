namespace AssetCompute.Client;

/// <summary>One rule of the API that a request breaks.</summary>
public sealed record ProcessRequestError
{
    /// <summary>The property, such as <c>Renditions[2].Quality</c>.</summary>
    public required string PropertyPath { get; init; }

    /// <summary>What is wrong, with the allowed range.</summary>
    public required string Message { get; init; }

    /// <summary>Returns the property and what is wrong with it.</summary>
    public override string ToString() => $"{PropertyPath}: {Message}";
}
