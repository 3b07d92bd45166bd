<?php
namespace Opencart\Admin\Controller\Extension\OmsBridge;

require_once __DIR__ . '/../../system/library/oms_bridge/autoload.php';

/** The admin's events. */
class Event extends \Opencart\System\Engine\Controller
{
    public function orderDeleted($route = '', $args = array(), $output = null): void
    {
        $this->heard('orderDeleted', $args, $output);
    }

    public function productAdded($route = '', $args = array(), $output = null): void
    {
        $this->heard('productAdded', $args, $output);
    }

    public function productSaved($route = '', $args = array(), $output = null): void
    {
        $this->heard('productSaved', $args, $output);
    }

    public function productCopied($route = '', $args = array(), $output = null): void
    {
        $this->heard('productCopied', $args, $output);
    }

    public function productDeleted($route = '', $args = array(), $output = null): void
    {
        $this->heard('productDeleted', $args, $output);
    }

    private function heard($what, $args, $output): void
    {
        $events = new \OmsBridge\Events(new \OmsBridge\Bridge(new \OmsBridge\LineShop($this->registry)));
        $events->heard($what, $args, $output);
    }
}
