using System.Globalization;
using System.Web;
using Amazon.Runtime;
using Amazon.S3;

namespace AssetCompute.Client.AmazonS3.Tests;

/// <summary>Tests that a pre-signed URL expires no later than the credentials that signed it.</summary>
public sealed class CredentialsTests(S3ServerFixture fixture)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Lifetime_ThatTheCallerSetAndThatIsLonger_IsAnErrorWithBothTimes()
    {
        RoleCredentials role = new(TimeSpan.FromHours(1));
        using AmazonS3Client client = Client(role);
        AmazonS3Storage storage = Open(client, role);

        ArgumentOutOfRangeException read = await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => storage.CreateReadUrlAsync("a", TimeSpan.FromHours(2), Token));
        ArgumentOutOfRangeException target = await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => storage.CreateTargetAsync("a", new StorageTargetOptions { Lifetime = TimeSpan.FromHours(2) }, Token));

        Assert.Equal("lifetime", read.ParamName);
        Assert.Equal("options", target.ParamName);
        DateTimeOffset end = new(role.Expiration!.Value);
        Assert.Contains(end.ToString("u", CultureInfo.InvariantCulture), target.Message, StringComparison.Ordinal);
        Assert.Equal(2, target.Message.Split("Z,").Length - 1 + target.Message.Split("Z.").Length - 1);
    }

    [Fact]
    public async Task Lifetime_ByDefault_EndsWithTheCredentials()
    {
        RoleCredentials role = new(TimeSpan.FromHours(1));
        using AmazonS3Client client = Client(role);
        AmazonS3Storage storage = Open(client, role);

        Uri read = await storage.CreateReadUrlAsync("a", cancellationToken: Token);
        StorageTarget target = await storage.CreateTargetAsync("a", cancellationToken: Token);

        Assert.All([read, new Uri(target.Target.Urls[0])], url => Assert.InRange(LifetimeOf(url), TimeSpan.FromMinutes(50), TimeSpan.FromHours(1)));
        Assert.Equal(1, role.Renewals);
    }

    [Fact]
    public async Task Lifetime_LongerThanAnyCredentialsOfTheRole_DoesNotRenewThemAtEveryUrl()
    {
        RoleCredentials role = new(TimeSpan.FromHours(1));
        using AmazonS3Client client = Client(role);
        AmazonS3Storage storage = Open(client, role);

        for (int i = 0; i < 10; i++)
        {
            await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => storage.CreateReadUrlAsync("a", TimeSpan.FromMinutes(135), Token));
            await storage.CreateReadUrlAsync("a", cancellationToken: Token);
            await storage.CreateTargetAsync("a", new StorageTargetOptions { Lifetime = TimeSpan.FromMinutes(20) }, Token);
        }

        Assert.Equal(1, role.Renewals);
    }

    [Fact]
    public async Task Credentials_WithLessThanHalfOfTheirLifeLeft_AreRenewed()
    {
        RoleCredentials role = new(TimeSpan.FromHours(1), TimeSpan.FromMinutes(29), TimeSpan.FromHours(3));
        using AmazonS3Client client = Client(role);
        AmazonS3Storage storage = Open(client, role);

        await storage.CreateReadUrlAsync("a", cancellationToken: Token);
        role.ClearCredentials();
        await storage.CreateReadUrlAsync("a", TimeSpan.FromMinutes(5), Token);
        Assert.Equal(2, role.Renewals);
        Assert.InRange(LifetimeOf(await storage.CreateReadUrlAsync("a", cancellationToken: Token)), TimeSpan.FromMinutes(119), TimeSpan.FromHours(2));
        Assert.Equal(3, role.Renewals);
    }

    [Fact]
    public async Task Lifetime_LongerThanWhatIsLeft_RenewsTheCredentialsOnce()
    {
        RoleCredentials role = new(TimeSpan.FromMinutes(10), TimeSpan.FromHours(3));
        using AmazonS3Client client = Client(role);
        AmazonS3Storage storage = Open(client, role);

        Assert.InRange(LifetimeOf(await storage.CreateReadUrlAsync("a", TimeSpan.FromMinutes(5), Token)), TimeSpan.FromMinutes(4), TimeSpan.FromMinutes(5));
        Assert.Equal(1, role.Renewals);
        Assert.InRange(LifetimeOf(await storage.CreateReadUrlAsync("a", TimeSpan.FromHours(2), Token)), TimeSpan.FromMinutes(119), TimeSpan.FromHours(2));
        Assert.InRange(LifetimeOf(await storage.CreateReadUrlAsync("a", TimeSpan.FromHours(2), Token)), TimeSpan.FromMinutes(119), TimeSpan.FromHours(2));
        Assert.Equal(2, role.Renewals);
    }

    [Fact]
    public async Task Credentials_OfTheClientsConfiguration_AreTheDefault()
    {
        RoleCredentials role = new(TimeSpan.FromHours(1));
        using AmazonS3Client client = new(new AmazonS3Config { DefaultAWSCredentials = role, ServiceURL = fixture.Server.Endpoint.AbsoluteUri, AuthenticationRegion = "us-east-1", ForcePathStyle = true });
        AmazonS3Storage storage = new(client, S3ServerFixture.Bucket);

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => storage.CreateReadUrlAsync("a", TimeSpan.FromHours(2), Token));
    }

    [Fact]
    public async Task Credentials_ThatCannotBeRenewed_AreAnErrorOfTheStorage()
    {
        RoleCredentials role = new();
        using AmazonS3Client client = Client(role);

        AssetStorageException exception = await Assert.ThrowsAsync<AssetStorageException>(() => Open(client, role).CreateReadUrlAsync("a", cancellationToken: Token));

        Assert.IsAssignableFrom<AmazonClientException>(exception.InnerException);
    }

    private static TimeSpan LifetimeOf(Uri url) => TimeSpan.FromSeconds(int.Parse(HttpUtility.ParseQueryString(url.Query)["X-Amz-Expires"]!, CultureInfo.InvariantCulture));

    private static AmazonS3Storage Open(IAmazonS3 client, AWSCredentials credentials) => new(client, S3ServerFixture.Bucket, new AmazonS3StorageOptions { Credentials = credentials });

    private AmazonS3Client Client(AWSCredentials credentials) =>
        new(credentials, new AmazonS3Config { ServiceURL = fixture.Server.Endpoint.AbsoluteUri, AuthenticationRegion = "us-east-1", ForcePathStyle = true });

    /// <summary>Role credentials. Each renewal uses the next lifetime; the last lifetime is reused.</summary>
    private sealed class RoleCredentials(params TimeSpan[] lifetimes) : RefreshingAWSCredentials
    {
        public int Renewals { get; private set; }

        protected override CredentialsRefreshState GenerateNewCredentials() => lifetimes.Length == 0
            ? throw new AmazonClientException("The role cannot be assumed.")
            : new CredentialsRefreshState(new ImmutableCredentials("S3RVER", "S3RVER", "token"), DateTime.UtcNow + lifetimes[Math.Min(Renewals++, lifetimes.Length - 1)]);

        protected override Task<CredentialsRefreshState> GenerateNewCredentialsAsync() => Task.FromResult(GenerateNewCredentials());
    }
}
