<?php
namespace OmsBridge;

/** A request, or one item of it, that is answered with an error of the protocol. */
class Refusal extends \Exception
{
    public $http;
    public $word;
    public $detail;
    public $headers;

    public function __construct($http, $word, $message, $detail = array(), $headers = array())
    {
        parent::__construct($message);
        $this->http = $http;
        $this->word = $word;
        $this->detail = $detail;
        $this->headers = $headers;
    }

    public static function badRequest($field, $message)
    {
        return new self(400, 'bad_request', $message, array('field' => $field));
    }

    public static function invalid($field, $reason, $message, $more = array())
    {
        return new self(422, 'invalid', $message, array('field' => $field, 'reason' => $reason) + $more);
    }

    public static function notFound($message, $detail = array())
    {
        return new self(404, 'not_found', $message, $detail);
    }

    public static function conflict($message, $detail = array())
    {
        return new self(409, 'conflict', $message, $detail);
    }

    public function body()
    {
        return array('code' => $this->word, 'message' => $this->getMessage(), 'detail' => Json::object($this->detail));
    }
}
