using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using AssetCompute.Client.Authentication;
using AssetCompute.Client.Tests.Time;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.DependencyInjection;

namespace AssetCompute.Client.Tests.Authentication;

public sealed class SharedAccessTokensTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly Cache _cache = new();
    private readonly AesProtector _protector = new();
    private readonly FakeIms _ims;

    public SharedAccessTokensTests() => _ims = new FakeIms(_time, TimeSpan.FromDays(1));

    public void Dispose() => _protector.Dispose();

    [Fact]
    public async Task GetToken_InTwoProcesses_FetchesOneToken()
    {
        await using Account first = Process();
        await using Account second = Process();

        AccessToken one = await first.GetTokenAsync();
        AccessToken other = await second.GetTokenAsync();

        Assert.Equal(one.Value, other.Value);
        Assert.Equal(one.ExpiresOn, other.ExpiresOn);
        Assert.Equal("client-a", other.Identity?.ClientId);
        Assert.Equal(1, _ims.Requests);
    }

    [Fact]
    public async Task GetToken_RefusedInOneProcess_IsReplacedInBothByOneFetch()
    {
        await using Account first = Process();
        await using Account second = Process();
        AccessToken revoked = await first.GetTokenAsync();
        await second.GetTokenAsync();

        AccessToken one = await first.GetTokenAsync(revoked);
        AccessToken other = await second.GetTokenAsync(revoked);

        Assert.Equal("token-number-2", one.Value);
        Assert.Equal("token-number-2", other.Value);
        Assert.Equal(2, _ims.Requests);
    }

    [Fact]
    public async Task GetToken_OfAnotherAccount_DoesNotFindTheToken()
    {
        await using Account first = Process("tenant-a");
        await using Account second = Process("tenant-b");
        await first.GetTokenAsync();

        // Even when whoever owns the cache puts the one's entry in the other's place.
        KeyValuePair<string, byte[]> stolen = Assert.Single(_cache.Entries);
        await second.GetTokenAsync();
        _cache.Entries.Keys.ToList().ForEach(key => _cache.Entries[key] = stolen.Value);
        _time.Advance(TimeSpan.FromDays(1) - TimeSpan.FromMinutes(6));
        await using Account third = Process("tenant-b");

        Assert.Equal("token-number-3", (await third.GetTokenAsync()).Value);
    }

    [Fact]
    public async Task Store_HoldsNothingReadable()
    {
        await using Account account = Process();
        await account.GetTokenAsync();

        KeyValuePair<string, byte[]> entry = Assert.Single(_cache.Entries);
        Assert.DoesNotContain("client-a", entry.Key, StringComparison.Ordinal);
        Assert.DoesNotContain("token-number", Encoding.UTF8.GetString(entry.Value), StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetToken_WithAnEntryThatCannotBeRead_FetchesAndReplacesIt()
    {
        await using Account first = Process();
        await first.GetTokenAsync();
        string key = Assert.Single(_cache.Entries).Key;
        _cache.Entries[key][^1] ^= 1;

        await using Account second = Process();
        Assert.Equal("token-number-2", (await second.GetTokenAsync()).Value);
        Assert.Contains(second.Logs.Lines, line => line.Id.Id == 1106);

        await using Account third = Process();
        Assert.Equal("token-number-2", (await third.GetTokenAsync()).Value);
    }

    [Fact]
    public async Task GetToken_WithACacheThatFails_GoesWithout()
    {
        _cache.Failure = new InvalidOperationException("token-number-1 could not be stored");
        await using Account account = Process();

        Assert.Equal("token-number-1", (await account.GetTokenAsync()).Value);
        Assert.Contains(account.Logs.Lines, line => line.Id.Id == 1106 && line.Text.Contains("account 'default'", StringComparison.Ordinal));
        Assert.Contains(account.Logs.Lines, line => line.Id.Id == 1107 && line.Text.Contains("account 'default'", StringComparison.Ordinal));
        Assert.DoesNotContain(account.Logs.Lines, line => line.Text.Contains("token-number", StringComparison.Ordinal));
    }

    private Account Process(string name = "") => new(_ims, name: name, time: _time, services: services =>
    {
        services.AddSingleton<IDistributedCache>(_cache);
        services.AddKeyedSingleton<IAccessTokenProtector>(name, _protector);
    });

    private sealed class Cache : IDistributedCache
    {
        public ConcurrentDictionary<string, byte[]> Entries { get; } = new();

        public Exception? Failure { get; set; }

        public Task<byte[]?> GetAsync(string key, CancellationToken token = default) =>
            Failure is null ? Task.FromResult(Entries.GetValueOrDefault(key)) : Task.FromException<byte[]?>(Failure);

        public Task SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default)
        {
            if (Failure is not null)
            {
                return Task.FromException(Failure);
            }

            Assert.NotNull(options.AbsoluteExpiration);
            Entries[key] = value;
            return Task.CompletedTask;
        }

        public byte[]? Get(string key) => throw new NotSupportedException();

        public void Set(string key, byte[] value, DistributedCacheEntryOptions options) => throw new NotSupportedException();

        public void Refresh(string key) => throw new NotSupportedException();

        public Task RefreshAsync(string key, CancellationToken token = default) => throw new NotSupportedException();

        public void Remove(string key) => throw new NotSupportedException();

        public Task RemoveAsync(string key, CancellationToken token = default) => throw new NotSupportedException();
    }

    private sealed class AesProtector : IAccessTokenProtector, IDisposable
    {
        private readonly AesGcm _aes = new(RandomNumberGenerator.GetBytes(32), tagSizeInBytes: 16);

        public byte[] Protect(byte[] plain)
        {
            byte[] stored = new byte[12 + 16 + plain.Length];
            RandomNumberGenerator.Fill(stored.AsSpan(0, 12));
            _aes.Encrypt(stored.AsSpan(0, 12), plain, stored.AsSpan(28), stored.AsSpan(12, 16));
            return stored;
        }

        public byte[] Unprotect(byte[] stored)
        {
            byte[] plain = new byte[stored.Length - 28];
            _aes.Decrypt(stored.AsSpan(0, 12), stored.AsSpan(28), stored.AsSpan(12, 16), plain);
            return plain;
        }

        public void Dispose() => _aes.Dispose();
    }
}
