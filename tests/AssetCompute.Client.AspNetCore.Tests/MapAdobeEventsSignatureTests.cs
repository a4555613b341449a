using System.Net;
using System.Text;
using AssetCompute.Client.Tests.Webhooks;
using AssetCompute.Client.Webhooks;

namespace AssetCompute.Client.AspNetCore.Tests;

/// <summary>Which signatures are accepted, and where the keys come from.</summary>
public sealed class MapAdobeEventsSignatureTests
{
    private static byte[] Body => Encoding.UTF8.GetBytes(WebhookApp.Event);

    [Fact]
    public async Task Post_ChangedByteOrSwappedHeaderOrForeignKeyPath_Is401AndStoresNothing()
    {
        await using WebhookApp app = await WebhookApp.StartAsync();
        WebhookSignatures right = WebhookApp.Signer.SignBody(Body);

        using HttpResponseMessage changed = await app.PostAsync(WebhookApp.Event.Replace("urn:1", "urn:2", StringComparison.Ordinal), right);
        using HttpResponseMessage swapped = await app.PostAsync(WebhookApp.Event, new() { Signature1 = right.Signature1, KeyPath2 = right.KeyPath1 });
        using HttpResponseMessage host = await app.PostAsync(WebhookApp.Event, right with { KeyPath1 = ".evil.example" + right.KeyPath1 });
        using HttpResponseMessage user = await app.PostAsync(WebhookApp.Event, right with { KeyPath1 = "@evil.example" + right.KeyPath1 });
        using HttpResponseMessage up = await app.PostAsync(WebhookApp.Event, right with { KeyPath1 = "/prod/keys/../keys/" + right.KeyPath1!["/prod/keys/".Length..] });
        using HttpResponseMessage none = await app.PostAsync(WebhookApp.Event, new());

        Assert.All(new[] { changed, swapped, host, user, up, none }, answer => Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode));
        Assert.Empty(app.Inbox.Stored);
    }

    [Fact]
    public async Task Post_EitherSignatureAlone_IsStored()
    {
        await using WebhookApp app = await WebhookApp.StartAsync();
        WebhookSignatures right = WebhookApp.Signer.SignBody(Body);

        using HttpResponseMessage first = await app.PostAsync(WebhookApp.Event, right with { Signature2 = "AAAA", KeyPath2 = "nonsense" });
        using HttpResponseMessage second = await app.PostAsync(WebhookApp.Event, new() { Signature2 = right.Signature1, KeyPath2 = right.KeyPath1 });

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (first.StatusCode, second.StatusCode));
    }

    [Fact]
    public async Task Post_KeyRotatedInTheMiddle_IsStored()
    {
        await using WebhookApp app = await WebhookApp.StartAsync();
        using HttpResponseMessage before = await app.PostAsync(WebhookApp.Event);
        using WebhookSigner renewed = new(WebhookApp.Signer.KeyPath);
        app.Keys.Serve(renewed);

        using HttpResponseMessage after = await app.PostAsync(WebhookApp.Event, renewed.SignBody(Body));
        using HttpResponseMessage old = await app.PostAsync(WebhookApp.Event);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.Unauthorized), (before.StatusCode, after.StatusCode, old.StatusCode));
    }

    [Fact]
    public async Task Post_KeyHostThatRedirects_IsNotFollowedAndIs503()
    {
        await using WebhookApp app = await WebhookApp.StartAsync();
        await using KeyHost evil = await KeyHost.StartAsync(WebhookApp.Signer);
        app.Keys.Answer = context =>
        {
            context.Response.Redirect(new Uri(evil.Url, WebhookApp.Signer.KeyPath).AbsoluteUri);
            return Task.CompletedTask;
        };

        using HttpResponseMessage answer = await app.PostAsync(WebhookApp.Event);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal(0, evil.Asked);
        Assert.Empty(app.Inbox.Stored);
    }

    [Fact]
    public async Task Post_KeyHostDown_Is503UntilItIsBack()
    {
        await using WebhookApp app = await WebhookApp.StartAsync();
        app.Keys.Answer = context =>
        {
            context.Abort();
            return Task.CompletedTask;
        };

        using HttpResponseMessage down = await app.PostAsync(WebhookApp.Event);
        app.Keys.Serve(WebhookApp.Signer);
        using HttpResponseMessage back = await app.PostAsync(WebhookApp.Event);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK), (down.StatusCode, back.StatusCode));
        Assert.Equal(TimeSpan.FromMinutes(1), down.Headers.RetryAfter!.Delta);
    }

    [Fact]
    public async Task Post_NobodyAtTheKeyHostsAddress_Is503()
    {
        KeyHost gone = await KeyHost.StartAsync(WebhookApp.Signer);
        Uri url = gone.Url;
        await gone.DisposeAsync();
        await using WebhookApp app = await WebhookApp.StartAsync(options => options.PublicKeyEndpoint = url);

        using HttpResponseMessage answer = await app.PostAsync(WebhookApp.Event);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
    }

    [Fact]
    public async Task Post_HeaderThatComesTwice_CountsAsNone()
    {
        await using WebhookApp app = await WebhookApp.StartAsync();
        using HttpRequestMessage request = new(HttpMethod.Post, "/events") { Content = new ByteArrayContent(Body) };
        foreach ((string name, string value) in WebhookApp.Signer.SignBody(Body).Headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using HttpResponseMessage answer = await app.Http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }
}
