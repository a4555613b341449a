using System.Net;
using AssetCompute.Client.Webhooks;

namespace AssetCompute.Client.Tests.Webhooks;

public sealed class RegistrationValidationTests
{
    private const string Path = "/csm/registrations/validate";
    private const string Url = $"https://csm.adobe.io{Path}?id=1&challenge=2";

    [Fact]
    public async Task Receive_ValidationUrl_IsOpenedAndAnswered()
    {
        await using ReceiverBench bench = new();
        TaskCompletionSource opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
        bench.Host.Answer(Path, _ =>
        {
            opened.SetResult();
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK));
        });

        Assert.Equal(200, (await PostAsync(bench, Url)).StatusCode);
        await opened.Task.InTimeAsync("the validation URL is opened");
        Assert.Equal(Url, Assert.Single(bench.Host.Asked));
    }

    [Fact]
    public async Task Receive_ValidationUrlThatFailsAtFirst_IsOpenedAgain()
    {
        await using ReceiverBench bench = new();
        TaskCompletionSource opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int calls = 0;
        bench.Host.Answer(Path, _ => ++calls switch
        {
            1 => throw new HttpRequestException("down"),
            2 => throw new InvalidOperationException("a handler of the user's own"),
            3 => Task.FromResult(new HttpResponseMessage(HttpStatusCode.Redirect)),
            _ => Opened(),
        });

        Assert.Equal(200, (await PostAsync(bench, Url)).StatusCode);
        while (!opened.Task.IsCompleted)
        {
            await Task.WhenAny(opened.Task, bench.Clock.WaitForTimersAsync(cancellationToken: TestContext.Current.CancellationToken)).InTimeAsync("the validation URL is opened again");
            bench.Clock.AdvanceToNextTimer();
        }

        Assert.Equal(4, calls);

        Task<HttpResponseMessage> Opened()
        {
            opened.SetResult();
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK));
        }
    }

    [Fact]
    public async Task Receive_ValidationUrlThatDoesNotExist_IsOpenedOnceAndLeavesItsPlace()
    {
        await using ReceiverBench bench = new();
        for (int i = 1; i <= 6; i++)
        {
            // The slot becomes free shortly after the response.
            WebhookAnswer answer = await PostAsync(bench, Url);
            for (int tries = 0; answer.StatusCode == 503 && tries < 1000; tries++)
            {
                await Task.Delay(10, TestContext.Current.CancellationToken);
                answer = await PostAsync(bench, Url);
            }

            Assert.Equal(200, answer.StatusCode);
        }

        await bench.DisposeAsync();
        Assert.InRange(bench.Host.Asked.Count, 2, 6);
    }

    [Theory]
    [InlineData("http://csm.adobe.io/csm/registrations/validate?id=1")]
    [InlineData("https://csm.adobe.io.evil.example/csm/registrations/validate")]
    [InlineData("https://csm.adobe.io@evil.example/csm/registrations/validate")]
    [InlineData("https://user@csm.adobe.io/csm/registrations/validate")]
    [InlineData("https://csm.adobe.io:8443/csm/registrations/validate")]
    [InlineData("https://evil.example\\\\@csm.adobe.io/")]
    [InlineData("//csm.adobe.io/csm")]
    [InlineData("file:///etc/passwd")]
    [InlineData("http://169.254.169.254/latest")]
    [InlineData("")]
    public async Task Receive_ValidationUrlElsewhere_IsNotOpened(string url)
    {
        await using ReceiverBench bench = new();

        Assert.Equal(400, (await PostAsync(bench, url)).StatusCode);
        Assert.Empty(bench.Host.Asked);
    }

    [Theory]
    [InlineData(HttpStatusCode.MovedPermanently, "https://csm.adobe.io/next?id=1")]
    [InlineData(HttpStatusCode.Found, "https://csm.adobe.io:443/next?id=1")]
    [InlineData(HttpStatusCode.SeeOther, "https://CSM.adobe.io/next?id=1")]
    [InlineData(HttpStatusCode.TemporaryRedirect, "/next?id=1")]
    [InlineData(HttpStatusCode.PermanentRedirect, "../../next?id=1")]
    public async Task Receive_ValidationUrlThatRedirectsOnItsHost_IsFollowed(HttpStatusCode status, string location)
    {
        await using ReceiverBench bench = new();
        TaskCompletionSource opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
        bench.Host.Answer(Path, _ => Task.FromResult(Redirect(status, location)));
        bench.Host.Answer("/next", _ =>
        {
            opened.SetResult();
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK));
        });

        Assert.Equal(200, (await PostAsync(bench, Url)).StatusCode);
        await opened.Task.InTimeAsync("the redirect is followed");

        Assert.Equal([Url, "https://csm.adobe.io/next?id=1"], bench.Host.Asked);
    }

    [Theory]
    [InlineData("https://evil.example/next")]
    [InlineData("http://csm.adobe.io/next")]
    [InlineData("https://csm.adobe.io:8443/next")]
    [InlineData("https://user@csm.adobe.io/next")]
    [InlineData("//evil.example/next")]
    public async Task Receive_ValidationUrlThatRedirectsElsewhere_IsNotFollowed(string location)
    {
        await using ReceiverBench bench = new();
        bench.Host.Answer(Path, _ => Task.FromResult(Redirect(HttpStatusCode.Found, location)));

        Assert.Equal(200, (await PostAsync(bench, Url)).StatusCode);
        await bench.DisposeAsync();

        Assert.All(bench.Host.Asked, asked => Assert.Equal(Url, asked));
    }

    [Fact]
    public async Task Receive_ValidationUrlThatRedirectsWithoutEnd_IsGivenUp()
    {
        await using ReceiverBench bench = new();
        TaskCompletionSource sixth = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int calls = 0;
        bench.Host.Answer(Path, _ =>
        {
            if (++calls == 6)
            {
                sixth.SetResult();
            }

            return Task.FromResult(Redirect(HttpStatusCode.Found, Path));
        });

        await PostAsync(bench, Url);
        await sixth.Task.InTimeAsync("five redirects are followed");
        await bench.DisposeAsync();

        Assert.Equal(6, calls);
    }

    private static HttpResponseMessage Redirect(HttpStatusCode status, string location)
    {
        HttpResponseMessage response = new(status);
        response.Headers.Location = new Uri(location, UriKind.RelativeOrAbsolute);
        return response;
    }

    [Fact]
    public async Task Receive_ManyValidationUrls_AreBoundedAndEndWithTheReceiver()
    {
        ReceiverBench bench = new();
        bench.Host.Answer(Path, async token =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, token);
            return new HttpResponseMessage(HttpStatusCode.OK);
        });

        List<int> answers = [];
        for (int i = 0; i < 6; i++)
        {
            answers.Add((await PostAsync(bench, Url)).StatusCode);
        }

        Assert.Equal([200, 200, 200, 200, 503, 503], answers);
        await bench.DisposeAsync();
    }

    [Fact]
    public async Task Receive_EventWithAFieldOfThatName_IsAnEvent()
    {
        await using ReceiverBench bench = new();

        Assert.Equal(200, (await bench.DeliverAsync($$"""{"validationUrl":"{{Url}}","event":{"a":1},"recipientclientid":"me"}""", cancellationToken: TestContext.Current.CancellationToken)).StatusCode);
        Assert.Single(bench.Handler.Events);
    }

    private static Task<WebhookAnswer> PostAsync(ReceiverBench bench, string url) =>
        bench.DeliverAsync($$"""{"validationUrl":"{{url}}"}""", new WebhookSignatures(), TestContext.Current.CancellationToken);
}
