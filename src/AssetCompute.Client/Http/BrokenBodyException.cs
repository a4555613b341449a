namespace AssetCompute.Client.Http;

/// <summary>The body of an answer of good status could not be read to its end.</summary>
internal sealed class BrokenBodyException : IOException
{
    public BrokenBodyException()
    {
    }

    public BrokenBodyException(string message)
        : base(message)
    {
    }

    public BrokenBodyException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
