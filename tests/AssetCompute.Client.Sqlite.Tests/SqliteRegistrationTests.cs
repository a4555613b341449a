using AssetCompute.Client.Inbox;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;

namespace AssetCompute.Client.Sqlite.Tests;

/// <summary>Registration of an inbox with <c>AddSqliteInbox</c>.</summary>
public sealed class SqliteRegistrationTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("inbox-");

    private string FilePath => Path.Combine(_folder.FullName, "inbox.db");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task AddSqliteInbox_RegistersOneInbox()
    {
        ServiceCollection services = new();
        services.AddSqliteInbox(FilePath);
        Assert.Throws<InvalidOperationException>(() => services.AddSqliteInbox(FilePath));

        await using (ServiceProvider provider = services.BuildServiceProvider())
        {
            await provider.GetRequiredService<IEventInbox>().AddAsync([new InboxMessage("a", "{}"u8.ToArray())], cancellationToken: Cancellation);
        }

        Assert.True(File.Exists(FilePath));
    }

    [Theory]
    [InlineData(":memory:")]
    [InlineData("file:inbox.db?mode=memory")]
    [InlineData(" ")]
    public void AddSqliteInbox_UnderAHostAndNoPath_IsRefused(string path)
    {
        IServiceCollection services = new ServiceCollection().AddSingleton<IHostEnvironment>(new HostFolder(_folder.FullName));

        Assert.Equal("path", Assert.Throws<ArgumentException>(() => services.AddSqliteInbox(path)).ParamName);
    }

    [Fact]
    public async Task AddSqliteInbox_UnderAHostAndARelativePath_StartsAtTheContentRoot()
    {
        await using (ServiceProvider provider = new ServiceCollection().AddSingleton<IHostEnvironment>(new HostFolder(_folder.FullName)).AddSqliteInbox("data/inbox.db").BuildServiceProvider())
        {
            await provider.GetRequiredService<IEventInbox>().CountAsync(Cancellation);
        }

        Assert.True(File.Exists(Path.Combine(_folder.FullName, "data", "inbox.db")));
    }

    [Fact]
    public async Task Dispose_OfAProviderThatIsNotAwaited_ClosesTheFile()
    {
        string path = Path.Combine(_folder.FullName, "sync.db");
        ServiceProvider provider = new ServiceCollection().AddSqliteInbox(path).BuildServiceProvider();
        ValueTask<int> added = provider.GetRequiredService<IEventInbox>().AddAsync([new InboxMessage("a", "{}"u8.ToArray())], cancellationToken: Cancellation);

        provider.Dispose();

        Assert.Equal(1, await added);
        Assert.False(File.Exists(path + "-wal"));
    }

    private sealed class HostFolder(string path) : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = Environments.Production;

        public string ApplicationName { get; set; } = "tests";

        public string ContentRootPath { get; set; } = path;

        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    }
}
