using System.Reflection;
using Microsoft.Extensions.Logging;

namespace AssetCompute.Client.Tests.Conventions;

/// <summary>Each log event id identifies one kind of event, so that logs can be filtered by id.</summary>
public class LogEventTests
{
    private static readonly (MethodInfo Method, int Id)[] s_events =
    [
        .. from type in typeof(AssetComputeOptions).Assembly.GetTypes()
           from method in type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
           let message = method.GetCustomAttribute<LoggerMessageAttribute>()
           where message is not null
           select (method, message.EventId),
    ];

    [Fact]
    public void Events_HaveAnIdOfTheirOwn() =>
        Assert.Empty(s_events.GroupBy(entry => entry.Id).Where(group => group.Count() > 1).Select(group => string.Join(", ", group.Select(entry => $"{entry.Id} {entry.Method.DeclaringType!.Name}.{entry.Method.Name}"))));

    [Fact]
    public void Events_OfOneLog_ShareAHundredWithNoOtherLog()
    {
        Assert.NotEmpty(s_events);
        Assert.All(s_events.GroupBy(entry => entry.Id / 100), hundred => Assert.Single(hundred.Select(entry => entry.Method.DeclaringType).Distinct()));
    }
}
