namespace AssetCompute.Client;

/// <summary>One rule of the API that a request breaks.</summary>
/// <param name="PropertyPath">The property, such as <c>Renditions[2].Quality</c>.</param>
/// <param name="Message">What is wrong, with the allowed range.</param>
public sealed record ProcessRequestError(string PropertyPath, string Message)
{
    /// <summary>The property and what is wrong with it.</summary>
    public override string ToString() => $"{PropertyPath}: {Message}";
}
