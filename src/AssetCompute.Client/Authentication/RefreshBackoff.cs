namespace AssetCompute.Client.Authentication;

/// <summary>
/// How long to leave the identity service alone after a failed refresh: 1 second, doubled with each further failure up to a minute, less a
/// random part of up to a half, and never less than its own <c>Retry-After</c>, believed up to five minutes.
/// </summary>
/// <remarks>Not safe for concurrent use. Times are those of a clock that is never set, counted from any beginning.</remarks>
internal sealed class RefreshBackoff(Func<double> random)
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromMinutes(5);

    private int _failures;
    private int _credentialsVersion;
    private TimeSpan _until;

    /// <summary>The last failure; null after a success.</summary>
    public AssetComputeAuthenticationException? Failure { get; private set; }

    /// <summary>False while it is too early for the credentials that failed; changed ones are worth a try at once.</summary>
    public bool Allows(TimeSpan now, int credentialsVersion) =>
        Failure is null || now >= _until || credentialsVersion != _credentialsVersion;

    public void Succeeded()
    {
        Failure = null;
        _failures = 0;
    }

    /// <summary>Takes a failure down, and says how long it holds.</summary>
    public TimeSpan Failed(AssetComputeAuthenticationException failure, TimeSpan now, int credentialsVersion)
    {
        _failures = credentialsVersion == _credentialsVersion ? _failures + 1 : 1;
        _credentialsVersion = credentialsVersion;
        Failure = failure;

        double seconds = Math.Min(Longest.TotalSeconds, First.TotalSeconds * Math.Pow(2, Math.Min(_failures - 1, 16)));
        var wait = TimeSpan.FromSeconds(seconds * (1 - (random() / 2)));
        if (failure.RetryAfter is { } asked)
        {
            TimeSpan believed = asked < LongestRetryAfter ? asked : LongestRetryAfter;
            wait = believed > wait ? believed : wait;
        }

        _until = now + wait;
        return wait;
    }
}
