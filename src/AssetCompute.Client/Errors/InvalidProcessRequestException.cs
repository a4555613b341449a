namespace AssetCompute.Client;

/// <summary>
/// A request breaks a rule of the API; nothing was sent. The message names each property and the allowed range.
/// </summary>
public sealed class InvalidProcessRequestException : ArgumentException
{
    /// <summary>An invalid request without details.</summary>
    public InvalidProcessRequestException()
        : this([])
    {
    }

    /// <summary>An invalid request.</summary>
    /// <param name="message">What is wrong with it.</param>
    public InvalidProcessRequestException(string message)
        : base(message)
    {
        Errors = [];
    }

    /// <summary>An invalid request.</summary>
    /// <param name="message">What is wrong with it.</param>
    /// <param name="innerException">The cause, or null.</param>
    public InvalidProcessRequestException(string message, Exception? innerException)
        : base(message, innerException)
    {
        Errors = [];
    }

    /// <summary>An invalid request.</summary>
    /// <param name="errors">Every rule that the request breaks.</param>
    public InvalidProcessRequestException(IReadOnlyList<ProcessRequestError> errors)
        : base(string.Join(" ", errors), errors is [var first, ..] ? first.PropertyPath : null)
    {
        Errors = errors;
    }

    /// <summary>Every rule that the request breaks.</summary>
    public IReadOnlyList<ProcessRequestError> Errors { get; }

    /// <summary>Each property and the allowed range.</summary>
    public override string Message => Errors.Count == 0 ? base.Message : string.Join(" ", Errors);
}
