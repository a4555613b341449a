using System.Net;

namespace AssetCompute.Emulator.Tests;

/// <summary>Other websites have no access to an emulator through its user's browser.</summary>
public sealed class SecurityTests
{
    private static readonly string[] Paths = ["/", "/events", "/emulator/faults", "/emulator/jobs", "/emulator/live", "/emulator/page/workbench.js", "/emulator/nothing"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Page_and_controls_answer_to_no_foreign_name_on_any_address(bool onAnyAddress)
    {
        await using var emulator = await StartAsync(onAnyAddress);
        using var http = new HttpClient { BaseAddress = emulator.Endpoint };
        foreach (var path in Paths)
        {
            var (status, text) = await SendAsync(http, HttpMethod.Get, path, "rebound.example");

            Assert.Equal(HttpStatusCode.Forbidden, status);
            Assert.Contains("AllowedHosts", text, StringComparison.Ordinal);
            Assert.Contains("--allow-host", text, StringComparison.Ordinal);
            Assert.Contains("'rebound.example'", text, StringComparison.Ordinal);
        }

        Assert.Equal(HttpStatusCode.Forbidden, (await SendAsync(http, HttpMethod.Post, "/emulator/faults", "rebound.example", "http://rebound.example")).Status);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(http, HttpMethod.Get, "/emulator/faults", "emulator:8080")).Status);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(http, HttpMethod.Get, "/emulator/faults", "192.0.2.7:8080")).Status);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Change_comes_from_the_own_page_or_from_none(bool onAnyAddress)
    {
        await using var emulator = await StartAsync(onAnyAddress);
        using var http = new HttpClient { BaseAddress = emulator.Endpoint };
        var own = emulator.Endpoint.AbsoluteUri.TrimEnd('/');
        foreach (var (origin, status) in new[] { ("https://elsewhere.example", HttpStatusCode.Forbidden), ("null", HttpStatusCode.Forbidden), (own, HttpStatusCode.OK), (null, HttpStatusCode.OK) })
        {
            Assert.Equal(status, (await SendAsync(http, HttpMethod.Delete, "/emulator/faults", null, origin)).Status);
            Assert.Equal(status, (await SendAsync(http, HttpMethod.Delete, "/emulator/jobs", null, origin)).Status);
        }
    }

    [Fact]
    public async Task Policy_allows_no_script_and_no_style_within_a_page()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var http = new HttpClient { BaseAddress = emulator.Endpoint };
        foreach (var path in new[] { "/", "/events", "/calls", "/assets", "/faults" })
        {
            using var response = await http.GetAsync(path, Cancellation);
            var policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
            var html = await response.Content.ReadAsStringAsync(Cancellation);

            Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
            Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
            Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("style=", html, StringComparison.Ordinal);
            Assert.DoesNotContain("<style", html, StringComparison.Ordinal);
            Assert.DoesNotMatch("<script(?! src=)", html);
            Assert.DoesNotMatch(" on[a-z]+=", html);
        }
    }

    private static Task<AssetComputeEmulator> StartAsync(bool onAnyAddress) => AssetComputeEmulator.StartAsync(
        options =>
        {
            options.Address = onAnyAddress ? IPAddress.Any : IPAddress.Loopback;
            options.AllowedHosts.Add("http://emulator:8080");
        },
        Cancellation);

    private static async Task<(HttpStatusCode Status, string Text)> SendAsync(HttpClient http, HttpMethod method, string path, string? host, string? origin = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Host = host;
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }

        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        return (response.StatusCode, response.StatusCode == HttpStatusCode.OK ? "" : await response.Content.ReadAsStringAsync(Cancellation));
    }
}
