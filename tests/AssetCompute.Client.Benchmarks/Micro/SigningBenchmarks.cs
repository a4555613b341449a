using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace AssetCompute.Client.Benchmarks.Micro;

/// <summary>Signs a service account's assertion, with a key of the minimum size.</summary>
[MemoryDiagnoser]
public class SigningBenchmarks : IDisposable
{
    private readonly RSA _key = RSA.Create(2048);
    private readonly JsonWebTokenHandler _handler = new();
    private SecurityTokenDescriptor _assertion = new();

    [GlobalSetup]
    public void Prepare() => _assertion = new SecurityTokenDescriptor
    {
        Issuer = "benchmark@AdobeOrg",
        Audience = "https://ims-na1.adobelogin.com/c/benchmark",
        Expires = DateTime.UtcNow.AddMinutes(5),
        SigningCredentials = new SigningCredentials(new RsaSecurityKey(_key), SecurityAlgorithms.RsaSha256),
    };

    [Benchmark]
    public string SignAssertion() => _handler.CreateToken(_assertion);

    public void Dispose()
    {
        _key.Dispose();
        GC.SuppressFinalize(this);
    }
}
