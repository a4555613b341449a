namespace AssetCompute.Client;

/// <summary>
/// A request breaks a rule of the API. Nothing was sent. The message names each property and its allowed range.
/// </summary>
public sealed class InvalidProcessRequestException : ArgumentException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="errors">Every rule that the request breaks.</param>
    public InvalidProcessRequestException(IReadOnlyList<ProcessRequestError> errors)
        : base(string.Join(" ", errors), errors is [var first, ..] ? first.PropertyPath : null)
    {
        Errors = errors;
    }

    /// <summary>Every rule that the request breaks.</summary>
    public IReadOnlyList<ProcessRequestError> Errors { get; }

    /// <summary>Every error, with the property and its allowed range.</summary>
    public override string Message => string.Join(" ", Errors);
}
