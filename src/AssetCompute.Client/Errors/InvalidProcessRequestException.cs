namespace AssetCompute.Client;

/// <summary>A request breaks a rule of the API. Nothing was sent. The message names each property and its allowed range.</summary>
/// <param name="errors">Every rule that the request breaks.</param>
public sealed class InvalidProcessRequestException(IReadOnlyList<ProcessRequestError> errors) : ArgumentException(string.Join(" ", errors))
{
    /// <summary>Every rule that the request breaks.</summary>
    public IReadOnlyList<ProcessRequestError> Errors { get; } = errors;
}
