using System.Globalization;
using System.Net;
using System.Text;

namespace AssetCompute.Client.Tests.Authentication;

/// <summary>An identity service that issues numbered tokens, and records its requests and tokens.</summary>
internal sealed class FakeIms(TimeProvider time, TimeSpan lifetime) : HttpMessageHandler
{
    private readonly object _gate = new();
    private readonly Dictionary<string, DateTimeOffset> _good = [];
    private int _requests;

    public TimeSpan Lifetime { get; set; } = lifetime;

    /// <summary>The number of requests.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>The forms of the requests, in order.</summary>
    public List<IReadOnlyDictionary<string, string>> Forms { get; } = [];

    /// <summary>Replaces the service's response, unless it returns null.</summary>
    public Func<IReadOnlyDictionary<string, string>, HttpResponseMessage?> Answer { get; set; } = static _ => null;

    /// <summary>Delays the responses until the task completes.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    public static HttpResponseMessage Json(HttpStatusCode status, string json) =>
        new(status) { Content = new StringContent(json, Encoding.UTF8, "application/json") };

    public static HttpResponseMessage WrongSecret() =>
        Json(HttpStatusCode.BadRequest, """{"error":"invalid_client","error_description":"invalid client_secret parameter"}""");

    public bool IsGood(string? token)
    {
        lock (_gate)
        {
            return token is not null && _good.TryGetValue(token, out DateTimeOffset until) && time.GetUtcNow() < until;
        }
    }

    public void Revoke(string token)
    {
        lock (_gate)
        {
            _good.Remove(token);
        }
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        int number = Interlocked.Increment(ref _requests);
        string body = await request.Content!.ReadAsStringAsync(cancellationToken);
        var form = body.Split('&').Select(pair => pair.Split('=')).ToDictionary(
            pair => WebUtility.UrlDecode(pair[0]), pair => WebUtility.UrlDecode(pair[1]));
        lock (_gate)
        {
            Forms.Add(form);
        }

        await Gate.WaitAsync(cancellationToken);
        if (Answer(form) is { } answer)
        {
            return answer;
        }

        string token = $"token-number-{number}";
        lock (_gate)
        {
            _good[token] = time.GetUtcNow() + Lifetime;
        }

        string seconds = Lifetime.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        return Json(HttpStatusCode.OK, $$"""{"access_token":"{{token}}","token_type":"bearer","expires_in":{{seconds}}}""");
    }
}
