using System.Net;
using AssetCompute.Client.Http.Resilience;

namespace AssetCompute.Client.Tests.Http;

/// <summary>The attempts of a request that a handler of the application made anew.</summary>
public sealed class RequestCopyTests
{
    [Fact]
    public void ForAttempt_OfARequestThatIsNotOurs_TakesAllOfItAndGivesNothingBack()
    {
        using HttpRequestMessage request = new(HttpMethod.Put, "https://service.example/process")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new StringContent("{}"),
        };
        request.Headers.Add("x-user", ["1", "2"]);
        request.Options.Set(new HttpRequestOptionsKey<string>("note"), "kept");

        using HttpRequestMessage copy = RequestCopy.ForAttempt(request);
        copy.Headers.Add("x-added", "3");

        Assert.Equal((HttpMethod.Put, request.RequestUri, HttpVersion.Version20, HttpVersionPolicy.RequestVersionExact), (copy.Method, copy.RequestUri, copy.Version, copy.VersionPolicy));
        Assert.Same(request.Content, copy.Content);
        Assert.Equal(["1", "2"], copy.Headers.GetValues("x-user"));
        Assert.Equal("kept", copy.Options.GetValueOrDefault("note"));
        Assert.False(request.Headers.Contains("x-added"));
    }
}
