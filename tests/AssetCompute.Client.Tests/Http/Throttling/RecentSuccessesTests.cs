using AssetCompute.Client.Http.Throttling;

namespace AssetCompute.Client.Tests.Http.Throttling;

public class RecentSuccessesTests
{
    private readonly RecentSuccesses _recent = new();

    [Fact]
    public void Count_is_of_the_last_second()
    {
        _recent.Add(0.05);
        _recent.Add(0.55);
        _recent.Add(0.55);

        Assert.Equal(3, _recent.Count(0.95));
        Assert.Equal(2, _recent.Count(1.05));
        _recent.Add(1.05);
        Assert.Equal(3, _recent.Count(1.45));
        Assert.Equal(1, _recent.Count(1.55));
        Assert.Equal(0, _recent.Count(2.15));
    }

    [Fact]
    public void Count_after_a_long_time_is_none()
    {
        _recent.Add(0.05);
        _recent.Add(100.35);

        Assert.Equal(1, _recent.Count(100.35));
        Assert.Equal(0, _recent.Count(1_000_000));
    }

    [Fact]
    public void Clear_forgets_all()
    {
        _recent.Add(0.05);

        _recent.Clear();

        Assert.Equal(0, _recent.Count(0.05));
    }
}
